"""Hashes of passwords that take no time: what is tested is seldom how slow they are."""

from __future__ import annotations

from argon2 import PasswordHasher

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
