/* The list of runs, any two of which can be compared. */
(kit => {
  'use strict';

  const el = kit.element;
  const { at, cell } = kit;

  /* A change below this share of a figure counts as none. */
  const SAME_PERCENT = 1;

  /* Fields of a run that are not settings. */
  const NO_SETTINGS = ['id', 'start', 'durationSeconds'];

  let data = null;
  /* The two runs that are compared, the baseline first. */
  let picked = [];

  function nameOf(run) {
    const simulation = String(at(run, 'run.simulation') ?? '');
    const namedByGatling = /-\d{17}$/.test(run.folder);
    return simulation && namedByGatling ? simulation.slice(simulation.lastIndexOf('.') + 1) : run.folder;
  }

  function moment(run) {
    return kit.moment(at(run, 'run.start') || run.start);
  }

  function links(run) {
    const address = encodeURIComponent(run.folder) + '/index.html';
    return (run.report ? [el('a', { href: address }, [nameOf(run)])] : [nameOf(run)]).concat(
      run.report && run.totals ? [' · ', el('a', { href: address + '#tokens' }, ['Tokens'])] : []);
  }

  function picker(run) {
    run.picker = el('input', { type: 'checkbox', 'aria-label': 'Compare ' + nameOf(run) + ' of ' + moment(run) });
    run.picker.disabled = !run.totals;
    run.picker.addEventListener('change', () => { pick(run, run.picker.checked); });
    return { raw: '', content: [run.picker] };
  }

  /* The level and the first words; the run's own page has the numbers. */
  function verdictOf(run) {
    const level = at(run, 'verdict.level');
    const text = String(at(run, 'verdict.text'));
    return level
      ? cell.words(level, [kit.verdictMark(level), ' ', el('span', { title: text }, [text.split(': ')[0]])])
      : cell.none;
  }

  function row(run, columns) {
    return {
      name: run.folder,
      content: links(run).concat([el('small', {}, [moment(run)])]),
      cells: [picker(run), verdictOf(run), cell.words(at(run, 'run.model') || '–')].concat(run.totals
        ? kit.figureCells(data.listed, run).concat([run.warnings === 0 ? cell.none : cell.whole(run.warnings)])
        : [Object.assign(cell.words(run.problem), { span: columns - 4 })])
    };
  }

  /* Anybody may have written the file of a run. One that cannot be shown leaves the others as they are. */
  function safeRow(run, columns) {
    try {
      return row(run, columns);
    } catch (problem) {
      console.warn(run.folder, problem);
      return row(Object.assign(run, { run: {}, totals: null, problem: 'tokens.json cannot be shown' }), columns);
    }
  }

  function listOfRuns() {
    const columns = ['Run', 'Pick', 'Verdict', 'Model'].map(name => ({ name: name })).concat(
      kit.figureColumns(data.listed), [{ name: 'Warnings' }]);
    return kit.table({
      id: 'runs',
      title: 'All runs',
      columns: columns,
      rows: data.runs.map(run => safeRow(run, columns.length))
    });
  }

  function pick(run, on) {
    picked = picked.filter(other => other !== run);
    if (on) {
      /* The list has the newest run first; the older one is the baseline. */
      picked = picked.slice(-1).concat([run]).sort((a, b) => data.runs.indexOf(b) - data.runs.indexOf(a));
    }
    show();
    history.replaceState(null, '', picked.length === 0 ? location.pathname
      : '#compare=' + picked.map(one => encodeURIComponent(one.folder)).join('&'));
  }

  function signed(text, amount) {
    return amount > 0 ? '+' + text : text.replace('-', '−');
  }

  function verdict(better, absolute, percent) {
    if (absolute === 0 || (percent !== null && Math.abs(percent) < SAME_PERCENT)) {
      return { raw: 'about the same', text: 'about the same', kind: 'same' };
    }
    if (!better) {
      return cell.words('');
    }
    const kind = (absolute > 0) === (better === 'more') ? 'better' : 'worse';
    return { raw: kind, text: (absolute > 0 ? '▲ ' : '▼ ') + kind, kind: kind };
  }

  function comparedFigure(figure) {
    const [one, other] = picked.map(run => at(run, figure.path));
    const known = one !== null && other !== null;
    const absolute = known ? other - one : null;
    const percent = known && one !== 0 ? 100 * absolute / Math.abs(one) : null;
    return {
      name: (figure.group ? figure.group + ' ' : '') + figure.name
        + (['ms', '%', 's'].includes(figure.unit) ? ' (' + figure.unit + ')' : ''),
      cells: [
        cell.tokens(one),
        cell.tokens(other),
        known ? { raw: absolute, text: signed(kit.tokens(absolute), absolute) } : cell.none,
        percent === null ? cell.none : { raw: percent, text: signed(kit.percent(percent), percent) },
        known ? verdict(figure.better, absolute, percent) : cell.words('unknown for one run')
      ]
    };
  }

  function comparedFigures() {
    const swap = el('button', { class: 'llm-button', type: 'button' }, ['Swap A and B']);
    swap.addEventListener('click', () => {
      picked.reverse();
      show();
      document.querySelector('#compare button').focus();
    });
    const clear = el('button', { class: 'llm-button', type: 'button' }, ['Clear']);
    clear.addEventListener('click', () => {
      const first = picked[0];
      picked.slice().forEach(run => { pick(run, false); });
      first.picker.focus();
    });
    return kit.table({
      id: 'figures',
      title: 'B compared to A',
      tools: [swap, clear],
      columns: [{ name: 'Figure' }].concat(
        picked.map((run, index) => ({ name: index === 0 ? 'A' : 'B', unit: nameOf(run) + ', ' + moment(run) })),
        ['B − A', 'Change', 'Verdict'].map(name => ({ name: name }))),
      rows: data.compared.filter(figure => picked.some(run => at(run, figure.path) !== null)).map(comparedFigure),
      below: 'A difference below ' + SAME_PERCENT + ' % counts as none. Two single runs also differ by chance:'
        + ' only repeated runs tell whether a difference is real.'
    });
  }

  /* Effective settings come last and replace what else is known: the embedded server's port is no difference. */
  function flat(value, prefix, into) {
    Object.entries(value || {}).forEach(([key, inner]) => {
      const name = prefix + key;
      if (Array.isArray(inner)) {
        into[name] = inner.map(String).join('; ');
      } else if (name === 'settings') {
        flat(inner, '', into);
      } else if (inner !== null && typeof inner === 'object') {
        flat(inner, name + '.', into);
      } else if (!NO_SETTINGS.includes(name)) {
        into[name] = inner === null ? '–' : String(inner);
      }
    });
    return into;
  }

  function objectives(run) {
    return Object.entries(at(run, 'totals.goodput.objectives') || {}).map(([name, objective]) =>
      name + (objective?.inclusive ? ' ≤ ' : ' < ') + kit.tokens(objective?.limitMillis ?? NaN) + ' ms').join(', ') || '–';
  }

  function differingSettings() {
    const sides = picked.map(run => flat(run.run, '', { objectives: objectives(run) }));
    const names = Array.from(new Set(sides.flatMap(Object.keys)))
      .filter(name => sides[0][name] !== sides[1][name]);
    return names.length === 0
      ? el('p', { class: 'llm-box llm-answer' }, ['All recorded settings are the same.'])
      : kit.table({
        id: 'differing',
        title: 'Settings that differ',
        columns: ['Setting', 'A', 'B'].map(name => ({ name: name })),
        rows: names.map(name => ({ name: name, cells: sides.map(side => cell.words(side[name] || '–')) }))
      });
  }

  function show() {
    data.runs.forEach(run => {
      const on = picked.includes(run);
      run.picker.closest('tr').classList.toggle('llm-picked', on);
      run.picker.checked = on;
    });
    document.getElementById('compare').replaceChildren(...picked.length === 2
      ? [comparedFigures(), differingSettings()]
      : [el('p', { class: 'llm-box llm-answer' }, [picked.length === 1
        ? 'Pick a second run to compare.'
        : 'Pick two runs to compare.'])]);
  }

  function fromAddress() {
    /* URLSearchParams decodes as decodeURIComponent does, and does not fail where the address is broken. */
    const folders = location.hash.startsWith('#compare=')
      ? location.hash.slice('#compare='.length).split('&').map(part => new URLSearchParams('run=' + part).get('run'))
      : [];
    return folders.slice(0, 2)
      .map(folder => data.runs.find(run => run.folder === folder && run.totals))
      .filter(run => run !== undefined);
  }

  kit.runsPage = () => {
    data = kit.data();
    const count = kit.plural(data.runs.length, 'run') + (data.runs.length === 1 ? '' : ', newest first');
    kit.page('Runs', count, [
      el('div', { id: 'compare', class: 'llm-charts', 'aria-live': 'polite' }),
      listOfRuns()
    ]);
    picked = fromAddress();
    show();
  };
})(Llm);
