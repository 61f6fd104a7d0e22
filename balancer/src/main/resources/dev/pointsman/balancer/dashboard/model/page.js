/** The state of the page, and everything that can happen to it. */

import { keyOf, steadyOrder } from './order.js';
import { createHistories } from './histories.js';
import { createLive } from './live.js';
import { createStore } from './store.js';
import { readQuery, showInAddress, toApi } from './query.js';
import { changesIn, newestFirst, withChange } from './changes.js';
import { getJson } from './requests.js';

/**
 * @typedef {import('./types.js').Overview} Overview
 * @typedef {import('./types.js').Change} Change
 * @typedef {import('./query.js').Query} Query
 * @typedef {{overview: Overview|null, changes: Change[], connection: 'connecting'|'live'|'refused'|'away', refusal: string, query: Query,
 *     opened: Object<string, boolean>, unlocked: boolean, announcement: string, firstVersion: string|null,
 *     dialog: any}} State
 */

const SEARCH_PAUSE_MS = 250;
/** How many services at the most are shown whole without having been asked for: more is a page that nobody scrolls through. */
const OPENED_BY_THEMSELVES = 3;

/** @param {boolean} unlocked whether a token was entered before */
export function createPage(unlocked) {
  /** @type {import('./store.js').Store<State>} */
  const store = createStore({
    overview: null,
    changes: [],
    connection: 'connecting',
    refusal: '',
    query: readQuery(),
    opened: {},
    unlocked,
    announcement: '',
    firstVersion: null,
    dialog: null,
  });
  const histories = createHistories(() => store.set({}));
  const order = steadyOrder();
  let searching = 0;

  /** @param {Overview} overview */
  function takeOverview(overview) {
    const { firstVersion, overview: before, connection } = store.get();
    const services = order(overview.services, Date.now());
    histories.note(overview);
    store.set({
      overview: { ...overview, services },
      connection: connection === 'refused' ? connection : 'live',
      opened: openedByThemselves(services, overview.total),
      firstVersion: firstVersion ?? overview.version,
      ...news(before, overview),
    });
  }

  /**
   * The first ones in trouble are shown whole from the start, and all where they are few; what somebody opened or closed stays
   * so.
   */
  function openedByThemselves(services, total) {
    const opened = { ...store.get().opened };
    const few = total <= OPENED_BY_THEMSELVES;
    let room = OPENED_BY_THEMSELVES;
    for (const service of services) {
      const key = keyOf(service);
      if (!(key in opened) && (few || (service.inTrouble && room > 0))) {
        opened[key] = true;
      }
      room -= opened[key] ? 1 : 0;
    }
    return opened;
  }

  async function loadChanges() {
    try {
      const answer = await getJson('api/changes');
      store.set({ changes: newestFirst([...store.get().changes, ...answer.changes]) });
    } catch {
      // The next connection asks again; what happens from now on comes by the live view.
    }
  }

  const live = createLive({
    overview: takeOverview,
    change(change) {
      const { changes, overview } = store.get();
      store.set({ changes: newestFirst([change, ...changes]), overview: overview && withChange(overview, change) });
    },
    connected() {
      histories.forget();
      loadChanges();
      const wasAway = store.get().connection === 'away';
      store.set({ connection: 'live', announcement: wasAway ? 'The balancer is back.' : 'The view is live again.' });
    },
    away() {
      store.set({ connection: 'away', announcement: 'The balancer is away. The page tries again by itself.' });
    },
    refused(sentence) {
      const first = store.get().connection !== 'refused';
      store.set({ connection: 'refused', refusal: sentence, ...(first ? { announcement: `No live view: ${sentence}.` } : {}) });
      loadChanges();
    },
  });

  function follow() {
    live.follow(toApi(store.get().query));
  }

  return {
    store,
    histories,

    start() {
      follow();
      loadChanges();
    },

    /** @param {Partial<Query>} part */
    ask(part) {
      const query = { ...store.get().query, offset: 0, ...part };
      store.set({ query });
      showInAddress(query);
      window.clearTimeout(searching);
      searching = window.setTimeout(follow, 'q' in part ? SEARCH_PAUSE_MS : 0);
    },

    /** @param {import('./types.js').Service} service */
    toggle(service) {
      const { opened } = store.get();
      store.set({ opened: { ...opened, [keyOf(service)]: !opened[keyOf(service)] } });
    },

    /** @param {string} sentence for those who listen to the page */
    announce(sentence) {
      store.set({ announcement: sentence });
    },
  };
}

/** What is said aloud of an overview: only that trouble begins or ends, and how much was found. */
function news(before, now) {
  if (before === null) {
    return {};
  }
  if (before.matching !== now.matching && before.total === now.total) {
    return { announcement: `${now.matching} of ${now.total} services match.` };
  }
  const sentences = changesIn(before.services, now.services);
  return sentences.length === 0 ? {} : { announcement: sentences.slice(0, 3).join(' ') };
}
