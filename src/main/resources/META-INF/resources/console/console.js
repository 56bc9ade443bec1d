// Follow: reloads the page's live content periodically. Everything else works without this script, and reloading the
// page does the same.
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
    followed.textContent = 'Paused while the focus is in the content below.'; // keeps the keyboard's position
    return;
  }
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    const newer = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live');
    if (!response.ok || !newer) {
      followed.textContent = 'The service does not answer; this page may be outdated.';
    } else {
      if (live.innerHTML !== newer.innerHTML) {
        live.replaceChildren(...document.adoptNode(newer).childNodes);
      }
      followed.textContent = 'Following.';
    }
  } catch {
    followed.textContent = 'The service cannot be reached, or you must sign in again: reload the page.';
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
