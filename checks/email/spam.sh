# What SpamAssassin makes of messages, by its local rules alone: `bash spam.sh FILE...`.
# Prints each score with its points; fails from 1.0 on.
set -eu

worst=0
for file in "$@"; do
    told=$(spamassassin --local --test-mode < "$file")
    score=$(sed -n 's/^Content analysis details: *(\(-\{0,1\}[0-9.]*\) points.*/\1/p' <<< "$told")
    points=$(sed -n '/^ pts rule name/,$p' <<< "$told" | awk '$1 ~ /^-?[0-9.]+$/ {printf " %s %s", $1, $2}')
    echo "$(basename "$file"): ${score:?SpamAssassin said nothing of $file}$points"
    if awk "BEGIN {exit !($score >= 1.0)}"; then worst=1; fi
done
exit "$worst"
