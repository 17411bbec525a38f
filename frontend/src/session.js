// The session can end while somebody writes. Then the server answers a request of the script with 401
// and a form to sign in; it is shown over the page, and the request is sent again: nothing is lost.
//
// The form posts to its own action. 204 with the header X-CSRF-Token (of the new session) means signed
// in; any other answer is the next form, such as the one with what was wrong or with the second factor.

const FORM_ANSWER = { "HX-Request": "true" };

let signingIn; // one dialog for all requests that wait

/** Like fetch, but survives the end of the session. What it answers is never a 401. */
export async function fetchSignedIn(address, request = {}) {
  const answer = await fetch(address, request);
  if (answer.status !== 401) return answer;
  signingIn ??= signIn(await answer.text()).finally(() => (signingIn = undefined));
  await signingIn;
  const headers = new Headers(request.headers);
  if (headers.has("X-CSRF-Token")) headers.set("X-CSRF-Token", token());
  return fetchSignedIn(address, { ...request, headers });
}

/** The token that a change has to carry, as the page has it now. */
export function token() {
  return document.querySelector('meta[name="csrf"]')?.content ?? "";
}

function signIn(markup) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "sign-in-again");
  dialog.innerHTML = markup;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      reject(new DOMException("Not signed in.", "AbortError"));
    });
    dialog.addEventListener("submit", async (event) => {
      if (event.target.method !== "post") return;
      event.preventDefault();
      event.stopPropagation();
      if (await isIn(dialog, event.target)) {
        resolve();
        dialog.close();
      }
    });
  });
}

async function isIn(dialog, form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, headers: FORM_ANSWER });
  if (answer.status === 204) {
    takeToken(answer.headers.get("X-CSRF-Token"));
    return true;
  }
  dialog.innerHTML = await answer.text();
  dialog.querySelector(".error-summary, [aria-invalid=true], input:not([type=hidden])")?.focus();
  return false;
}

function takeToken(fresh) {
  if (!fresh) return;
  document.querySelector('meta[name="csrf"]')?.setAttribute("content", fresh);
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = fresh;
}
