/** Templates: Preact's virtual elements, written as HTML by htm. What stands in a `${}` is only ever text or an element. */

import { h } from './lib/preact/preact.module.js';
import htm from './lib/htm/htm.module.js';

export { Component, Fragment, createRef, render } from './lib/preact/preact.module.js';

export const html = htm.bind(h);
