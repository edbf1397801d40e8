import { render } from 'preact';
import { App } from './app.tsx';
import { listen } from './store/listen.ts';
import type { Replica } from './store/replica.ts';
import { showMark } from './store/show-mark.ts';
import { showTheme, themeNow } from './store/theme.ts';
import { takeToken } from './store/token.ts';
import './style/colours.css';
import './charts/charts.css';
import './style/page.css';
import './style/screens.css';

takeToken();
showTheme(themeNow());

const root = document.getElementById('page');
if (!root) throw new Error('index.html: there is no element with the id page');

// However many patches come, the page is drawn at most once a frame.
let drawn: number | undefined;
let latest: Replica | undefined;
const draw = (): void => {
  drawn = undefined;
  if (latest) render(<App replica={latest} />, root);
};
void listen('/api/events', (replica) => {
  latest = replica;
  showMark(replica);
  if (drawn === undefined) drawn = requestAnimationFrame(draw);
});
