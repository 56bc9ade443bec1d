// Follows a page while somebody wants that: asks for it again and puts its newer content in place. Without this script
// everything else works, and loading the page again does the same.
'use strict';
const live = document.getElementById('live');
const follow = document.getElementById('follow');
const followed = document.getElementById('followed');
const PERIOD = 3000;
let timer = null;

async function refresh() {
  if (document.hidden) {
    return;
  }
  if (live.contains(document.activeElement)) {
    followed.textContent = 'Waits while the focus is in it.'; // nobody loses their place
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    const newer = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
    if (!answer.ok || !newer) {
      followed.textContent = 'The service does not answer; what is shown may be old.';
    } else {
      if (live.innerHTML !== newer.innerHTML) {
        live.replaceChildren(...document.adoptNode(newer).childNodes);
      }
      followed.textContent = 'Following.';
    }
  } catch {
    followed.textContent = 'The service cannot be reached, or wants you to sign in again: load the page anew.';
  }
}

if (live && follow) {
  follow.hidden = false;
  follow.addEventListener('click', () => {
    const on = timer === null;
    timer = on ? setInterval(refresh, PERIOD) : (clearInterval(timer), null);
    follow.setAttribute('aria-pressed', String(on));
    followed.textContent = on ? 'Following.' : 'Stopped.';
  });
}
