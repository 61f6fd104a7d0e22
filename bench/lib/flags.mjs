// The command line of the small programs: flags with a whole number each.
import { usage } from './failure.mjs';

/** Reads `--name N` for each name of the defaults, and --keep and --help. */
export function numbers(argv, defaults) {
  const options = { ...defaults };
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i].replace(/^--/, '');
    if (name === 'keep' || name === 'help') {
      options[name] = true;
    } else if (!argv[i].startsWith('--') || !Object.hasOwn(defaults, name)) {
      const known = [...Object.keys(defaults), 'keep', 'help'].map((each) => `--${each}`).join(', ');
      throw usage(`there is no option '${argv[i]}' (expected one of: ${known})`);
    } else if (!/^[1-9]\d{0,5}$/.test(argv[++i] ?? '')) {
      throw usage(`--${name} ${argv[i] ?? ''}: expected a whole number from 1`);
    } else {
      options[name] = Number(argv[i]);
    }
  }
  return options;
}
