// Loads the live parts of the page again: periodically while the operator follows, and until what the page awaits has
// happened. Everything else works without this script, and loading the page again does the same.
'use strict';
const follow = document.getElementById('follow');
const followed = document.getElementById('followed');
const FOLLOWED_EVERY = 3000;
const AWAITED_EVERY = 1000;
let timer = null;

const parts = () => [...document.querySelectorAll('.live')];
const tell = text => {
  if (followed) {
    followed.textContent = text;
  }
};

// Returns whether everything is as the service has it: a part with the focus stays, to keep the keyboard's position.
async function refresh() {
  if (document.hidden) {
    return false;
  }
  const replaceable = parts().filter(part => !part.contains(document.activeElement));
  if (replaceable.length === 0) {
    tell('Paused while the focus is in the content below.');
    return false;
  }
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    const newer = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!response.ok || !newer.querySelector('.live')) {
      tell('The service does not answer; this page may be outdated.');
      return false;
    }
    replaceable.forEach(part => replace(part, newer.getElementById(part.id)));
    tell('Following.');
    return replaceable.length === parts().length;
  } catch {
    tell('The service cannot be reached, or you must sign in again: reload the page.');
    return false;
  }
}

function replace(part, newer) {
  if (!newer) {
    return;
  }
  part.toggleAttribute('data-awaited', newer.hasAttribute('data-awaited'));
  if (part.innerHTML !== newer.innerHTML) {
    part.replaceChildren(...document.adoptNode(newer).childNodes);
  }
}

async function awaitResult() {
  const isComplete = await refresh();
  if (!isComplete || document.querySelector('[data-awaited]')) {
    setTimeout(awaitResult, AWAITED_EVERY);
  }
}

if (document.querySelector('[data-awaited]')) {
  setTimeout(awaitResult, AWAITED_EVERY);
}
if (follow && parts().length > 0) {
  follow.hidden = false;
  follow.addEventListener('click', () => {
    const on = timer === null;
    timer = on ? setInterval(refresh, FOLLOWED_EVERY) : (clearInterval(timer), null);
    follow.setAttribute('aria-pressed', String(on));
    tell(on ? 'Following.' : 'Stopped.');
  });
}
