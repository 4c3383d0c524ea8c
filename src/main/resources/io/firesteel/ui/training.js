// Keeps the page as it is on the server: asks for a few numbers, and for the page where these have changed.
(() => {
  const brief = location.pathname.replace(/\/$/, '') + '/json/' + location.search;
  let seen = null;

  async function renew() {
    const text = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('firesteel-training');
    const old = document.getElementById('firesteel-training');
    const open = new Set([...old.querySelectorAll('details[open] > summary')].map(one => one.textContent));
    fresh.querySelectorAll('details').forEach(one => { one.open = open.has(one.querySelector('summary').textContent); });
    old.replaceWith(document.adoptNode(fresh));
  }

  async function look() {
    let wait = 1000;
    try {
      const now = await (await fetch(brief)).json();
      if (!now.live) {
        return;
      }
      const state = [now.training, now.trainings, now.running, now.step, now.millis].join();
      if (seen !== state) {
        await renew();
        seen = state;
      }
      wait = now.running ? 1000 : 3000;
      document.getElementById('firesteel-lost').hidden = true;
    } catch (e) {
      document.getElementById('firesteel-lost').hidden = false;
      wait = 10000;
    }
    setTimeout(look, wait);
  }
  look();
})();
