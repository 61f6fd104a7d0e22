/** The dialogs: entering the token, confirming an action, reading a log. The browser keeps the focus in them. */

import { Component, createRef, html } from '../html.js';
import { token } from '../model/access.js';
import { getText } from '../model/requests.js';

const LINES = 200;

class Dialog extends Component {
  constructor() {
    super();
    this.element = createRef();
  }

  componentDidMount() {
    this.before = document.activeElement;
    this.element.current.showModal();
  }

  componentWillUnmount() {
    this.element.current.close();
    if (this.before instanceof HTMLElement && this.before.isConnected) {
      this.before.focus();
    }
  }

  render({ title, onClose, wide, children }) {
    return html`<dialog ref=${this.element} class=${wide ? 'wide' : ''} aria-labelledby="dialog-title"
      onCancel=${(event) => {
        event.preventDefault();
        onClose();
      }}>
      <h2 id="dialog-title">${title}</h2>
      ${children}
    </dialog>`;
  }
}

function TokenDialog({ actions }) {
  const submit = (event) => {
    event.preventDefault();
    actions.unlock(new FormData(event.currentTarget).get('token').trim());
  };
  return html`<${Dialog} title="Unlock actions" onClose=${actions.close}>
    <form onSubmit=${submit}>
      <p>With the admin token of this balancer instances can be drained and readmitted, and the configuration reloaded. This tab keeps it until it is closed.</p>
      <label>token <input name="token" type="password" required autocomplete="off" /></label>
      <p class="buttons"><button type="submit">Unlock</button> <button type="button" onClick=${actions.close}>Cancel</button></p>
    </form>
  <//>`;
}

function ConfirmDialog({ dialog, actions }) {
  return html`<${Dialog} title=${dialog.title} onClose=${actions.close}>
    <p>${dialog.text}</p>
    <div role="alert">${dialog.problem && html`<p class="note bad">${dialog.problem}</p>`}</div>
    <p class="buttons">
      <button type="button" aria-disabled=${dialog.busy} onClick=${!dialog.busy && actions.confirm}>${dialog.verb}</button>
      ${' '}<button type="button" onClick=${actions.close}>Cancel</button>
    </p>
  <//>`;
}

class LogDialog extends Component {
  constructor() {
    super();
    this.state = { text: 'Reading the log.' };
    this.look = this.look.bind(this);
  }

  componentDidMount() {
    this.look();
  }

  async look() {
    const { type, instance } = this.props.dialog;
    const path = `api/launchers/${encodeURIComponent(type)}/${encodeURIComponent(instance)}/log?lines=${LINES}`;
    try {
      this.setState({ text: (await getText(path, token())) || 'The log is empty.' });
    } catch (error) {
      this.setState({ text: error.status === 401 ? 'The log is shown with the token alone: unlock the actions first.' : error.message });
    }
  }

  render({ dialog, actions }, { text }) {
    return html`<${Dialog} title=${'Log of ' + dialog.instance} onClose=${actions.close} wide=${true}>
      <pre class="log" tabindex="0" role="region" aria-label="The newest lines">${text}</pre>
      <p class="buttons"><button type="button" onClick=${this.look}>Read again</button> <button type="button" onClick=${actions.close}>Close</button></p>
    <//>`;
  }
}

export function Dialogs({ dialog, actions }) {
  switch (dialog?.kind) {
    case 'token':
      return html`<${TokenDialog} actions=${actions} />`;
    case 'confirm':
      return html`<${ConfirmDialog} dialog=${dialog} actions=${actions} />`;
    case 'log':
      return html`<${LogDialog} key=${dialog.instance} dialog=${dialog} actions=${actions} />`;
    default:
      return null;
  }
}
