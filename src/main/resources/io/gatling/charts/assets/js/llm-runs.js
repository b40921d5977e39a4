/* The list of runs, any two of which can be compared. */
(kit => {
  'use strict';

  const el = kit.element;
  const { at, cell } = kit;

  /* A change below this share of a figure counts as none. */
  const SAME_PERCENT = 1;

  /* A change below this share is called slight. */
  const SMALL_PERCENT = 10;

  /* Marks a change against a run of another load, which may be its cause. */
  const OTHER_LOAD = '≠';

  /* Fields of a run that are not settings. */
  const NO_SETTINGS = ['id', 'start', 'startDelayMillis', 'durationSeconds', 'clock'];

  const LAST_RUNS = 10;

  /* Parameters of forks that a closed group names. */
  const MOST_PARAMETERS = 4;

  /* Levels of a verdict, the worst first. */
  const LEVELS = ['bad', 'doubtful', 'good'];

  let data = null;
  /* The two runs that are compared, the baseline first. */
  let picked = [];
  /* The run that was picked until a third one was. */
  let dropped = null;
  let order = { by: 'start', down: true };
  /* The benchmarks whose forks are listed. */
  const opened = new Set();
  const filter = el('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter runs by name, model, verdict or setting' });
  const found = el('span', { class: 'llm-quiet', role: 'status' });

  /* URLSearchParams decodes as decodeURIComponent does, and does not fail where the text is broken. */
  function decoded(text) {
    return new URLSearchParams('text=' + text).get('text');
  }

  function nameOf(run) {
    const simulation = String(at(run, 'run.simulation') ?? '');
    const namedByGatling = /-\d{17}$/.test(run.folder);
    const name = simulation && namedByGatling ? simulation.slice(simulation.lastIndexOf('.') + 1) : run.folder;
    return [name, kit.shard(run.run)].filter(words => words).join(', ');
  }

  /* Equal for the runs that are compared with one another: the same part of the same simulation. */
  function lineOf(run) {
    return String(at(run, 'run.simulation') ?? '') + ' ' + kit.shard(run.run);
  }

  function moment(run) {
    return kit.moment(at(run, 'run.start') || run.start);
  }

  function links(run) {
    const address = encodeURIComponent(run.folder) + '/index.html';
    const name = run.fork ? run.fork.parameters || 'no parameters' : nameOf(run);
    return (run.report ? [el('a', { href: address }, [name])] : [name]).concat(
      run.report && run.totals ? [' · ', el('a', { href: address + '#tokens' }, ['Tokens'])] : []);
  }

  function picker(run) {
    if (!run.picker) {
      run.picker = el('input', { type: 'checkbox', 'aria-label': 'Compare ' + nameOf(run) + ' of ' + moment(run) });
      run.picker.disabled = !run.totals;
      run.picker.addEventListener('change', () => { pick(run, run.picker.checked); });
    }
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

  function signed(text, amount) {
    return amount > 0 ? '+' + text : text.replace('-', '−');
  }

  /* A change in percent as short as it can be; a multiple where percents say nothing. */
  function change(percent) {
    return percent >= 900 ? '×' + kit.figure(1 + percent / 100) : signed(kit.percent(percent), percent);
  }

  function percentOf(one, other) {
    return typeof one === 'number' && typeof other === 'number' && one !== 0 ? 100 * (other - one) / Math.abs(one) : null;
  }

  /* What changed since the run before of the same simulation. */
  function since(run, figure) {
    const [from, to] = run.before && figure.better ? [run.before, run].map(one => at(one, figure.path)) : [];
    /* of a share, a change in percent could be mistaken for one in points */
    const isShare = figure.unit === '%';
    const difference = !isShare ? percentOf(from, to) : typeof from === 'number' && typeof to === 'number' ? to - from : null;
    if (difference === null || Math.abs(difference) < SAME_PERCENT) {
      return [];
    }
    const words = isShare ? signed(kit.fixed(difference, 1), difference) + ' points' : change(difference);
    const changed = kit.changedLoad(run.before.run, run.run);
    return [el('small', {
      class: 'llm-since',
      title: 'Against the run before, of ' + moment(run.before) + (changed.length === 0 ? '' : '. Changed: ' + changed.join(', '))
    }, [words + (changed.length === 0 ? '' : ' ' + OTHER_LOAD)])];
  }

  function figures(run) {
    return kit.figureCells(data.listed, run).map((figure, index) =>
      ({ ...figure, content: [figure.text].concat(since(run, data.listed[index])) }));
  }

  /* Several models with their shares may be long. */
  function modelOf(run) {
    const model = String(at(run, 'run.model') || '–');
    return cell.words(model, [el('span', { title: model }, [kit.brief(model, 60)])]);
  }

  function row(run, columns) {
    return {
      name: run.folder,
      look: run.fork ? 'llm-fork' : undefined,
      content: links(run).concat([el('small', {}, [moment(run)])]),
      cells: [picker(run), verdictOf(run), modelOf(run)].concat(run.totals
        ? figures(run).concat([run.warnings === 0 ? cell.none : cell.whole(run.warnings)])
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

  /* Entries of the list: a run, or the forks of a benchmark together, in the order of their newest run. */
  function entries() {
    const groups = new Map();
    return data.runs.flatMap(run => {
      if (!run.fork) {
        return [{ runs: [run] }];
      }
      const known = groups.get(run.fork.of);
      if (known) {
        known.runs.push(run);
        return [];
      }
      const group = { of: run.fork.of, runs: [run] };
      groups.set(run.fork.of, group);
      return [group];
    });
  }

  /* The page of a benchmark's scores, and those of its searches, whose names begin with the same word. */
  function pagesOf(group) {
    const folders = group.runs.map(run => run.folder);
    const scores = data.pages.filter(page => (page.folders || []).some(folder => folders.includes(decoded(folder))));
    const searches = data.pages.filter(page => page.kind === 'search'
      && scores.some(other => page.file.startsWith(other.file.replace(/\.html$/, '-search'))));
    return scores.concat(searches);
  }

  function pageLink(page) {
    return el('a', { href: encodeURIComponent(page.file), title: page.text }, [page.kind === 'search' ? page.title : 'Scores']);
  }

  /* The worst level of some runs; undefined if none has a verdict. */
  function worst(runs) {
    return LEVELS.find(level => runs.some(run => at(run, 'verdict.level') === level));
  }

  function groupRow(group, shown, columns) {
    const isOpen = opened.has(group.of);
    const name = nameOf(group.runs[0]);
    const toggle = el('button', {
      class: 'llm-sort',
      type: 'button',
      'aria-expanded': String(isOpen)
    }, [(isOpen ? '▾ ' : '▸ ') + name]);
    toggle.addEventListener('click', () => {
      opened[isOpen ? 'delete' : 'add'](group.of);
      list();
      document.querySelector('#runs [data-of="' + group.of + '"] button').focus();
    });
    const pages = pagesOf(group).flatMap(page => [' · ', pageLink(page)]);
    const level = worst(group.runs);
    const parameters = Array.from(new Set(shown.map(run => run.fork.parameters))).filter(text => text !== '');
    const words = kit.plural(shown.length, 'fork')
      + (parameters.length === 0 ? '' : ': ' + parameters.slice(0, MOST_PARAMETERS).join('; ')
        + (parameters.length > MOST_PARAMETERS ? '; and ' + (parameters.length - MOST_PARAMETERS) + ' more' : ''));
    return {
      name: name,
      content: [el('span', { 'data-of': group.of }, [toggle])].concat(pages, [el('small', {}, [moment(group.runs[0])])]),
      cells: [
        { raw: '', text: '' },
        level ? cell.words(level, [kit.verdictMark(level)]) : cell.none,
        modelOf(group.runs[0]),
        Object.assign(cell.words(words), { span: columns - 4 })
      ]
    };
  }

  function wordsOf(run) {
    return [nameOf(run), run.folder, moment(run), at(run, 'run.simulation'), at(run, 'run.model'), at(run, 'verdict.level'),
      at(run, 'verdict.text'), run.problem, run.fork?.parameters, ...Object.entries(at(run, 'run.settings') || {})
        .map(([name, value]) => name + '=' + value)].join(' ').toLowerCase();
  }

  /* Whether every word of the filter is somewhere in the run's name, model, verdict or settings. */
  function isWanted(run) {
    const wanted = filter.value.toLowerCase().split(/\s+/);
    return wanted.every(word => wordsOf(run).includes(word));
  }

  /* What a column sorts an entry by; a group has no value of its own but its newest moment. */
  const KEYS = {
    start: entry => entry.runs[0].start,
    verdict: entry => {
      const level = worst(entry.runs);
      return level === undefined ? null : LEVELS.indexOf(level);
    },
    model: entry => String(at(entry.runs[0], 'run.model') ?? ''),
    warnings: entry => entry.of ? null : entry.runs[0].warnings ?? null
  };

  function keyOf(entry) {
    return KEYS[order.by] ? KEYS[order.by](entry) : entry.of ? null : at(entry.runs[0], order.by);
  }

  /* Ordered by the chosen column, without a value last; the same values stay newest first. */
  function sorted(all) {
    const keyed = all.map(entry => [entry, keyOf(entry)]);
    const known = keyed.filter(([, key]) => key !== null);
    known.sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0) * (order.down ? -1 : 1));
    return known.concat(keyed.filter(([, key]) => key === null)).map(([entry]) => entry);
  }

  function column(by, described) {
    return {
      ...described,
      sort: () => {
        order = { by: by, down: order.by === by ? !order.down : by !== 'model' && by !== 'verdict' };
        list();
        document.querySelector('#runs th[aria-sort] button').focus();
      },
      sorted: order.by === by ? order.down ? 'descending' : 'ascending' : undefined
    };
  }

  function content() {
    const columns = [
      column('start', { name: 'Run' }), { name: 'Pick' }, column('verdict', { name: 'Verdict' }), column('model', { name: 'Model' })
    ].concat(
      kit.figureColumns(data.listed).map((figure, index) => column(data.listed[index].path, figure)),
      [column('warnings', { name: 'Warnings' })]);
    const shown = sorted(entries().map(entry => ({ ...entry, wanted: entry.runs.filter(isWanted) }))
      .filter(entry => entry.wanted.length > 0));
    const rows = shown.flatMap(entry => {
      const runs = () => entry.wanted.map(run => safeRow(run, columns.length));
      return !entry.of ? runs()
        : [groupRow(entry, entry.wanted, columns.length)].concat(opened.has(entry.of) ? runs() : []);
    });
    return { columns: columns, rows: rows };
  }

  let table = null;

  /* Draws the list again, as it is sorted, filtered and opened. */
  function list() {
    Object.assign(table, content());
    /* without the tools, which would move to the new section */
    const fresh = kit.table({ ...table, tools: [] });
    document.querySelector('#runs table').replaceWith(fresh.querySelector('table'));
    const count = data.runs.filter(isWanted).length;
    found.textContent = filter.value.trim() === '' ? '' : count + ' of ' + kit.plural(data.runs.length, 'run');
    mark();
  }

  function listOfRuns() {
    filter.addEventListener('input', list);
    table = { id: 'runs', title: 'All runs', tools: [found, filter], ...content() };
    return kit.table(table);
  }

  /* A small line of the last values; a gap where a run has none. */
  function sparkline(values, title) {
    const known = values.filter(value => value !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const x = index => 3 + index * 84 / Math.max(1, values.length - 1);
    const y = value => high === low ? 11 : 19 - 16 * (value - low) / (high - low);
    const svg = (name, attributes) => {
      const shape = document.createElementNS('http://www.w3.org/2000/svg', name);
      Object.entries(attributes).forEach(([key, value]) => { shape.setAttribute(key, value); });
      return shape;
    };
    const picture = svg('svg', { class: 'llm-spark', viewBox: '0 0 90 22', width: 90, height: 22, role: 'img', 'aria-label': title });
    const points = values.flatMap((value, index) => value === null ? [] : [[x(index), y(value)]]);
    const last = points[points.length - 1];
    picture.append(
      svg('polyline', { points: points.map(point => point.join(',')).join(' ') }),
      svg('circle', { cx: last[0], cy: last[1], r: 2.5 }));
    return picture;
  }

  function trendCell(runs, figure) {
    const values = runs.slice(0, LAST_RUNS).map(run => at(run, figure.path))
      .map(value => typeof value === 'number' ? value : null).reverse();
    const [newest] = kit.figureCells([figure], runs[0]);
    if (values.filter(value => value !== null).length < 2 || newest.raw === null) {
      return newest;
    }
    const title = 'From the oldest to the newest: ' + values.map(value => value === null ? '–' : kit.figure(value)).join(', ');
    return { ...newest, content: [sparkline(values, title), ' ', newest.text].concat(since(runs[0], figure)) };
  }

  /* The course of each simulation's last runs; forks of benchmarks have scores of their own. */
  function trends() {
    const named = new Map();
    data.runs.filter(run => run.totals && !run.fork).forEach(run => {
      named.set(lineOf(run), (named.get(lineOf(run)) || []).concat([run]));
    });
    const repeated = [...named.values()].filter(runs => runs.length > 1);
    return repeated.length === 0 ? [] : [kit.table({
      id: 'trends',
      title: 'Last runs of each simulation',
      columns: [{ name: 'Simulation' }, { name: 'Runs' }].concat(kit.figureColumns(data.trends)),
      rows: repeated.map(runs => ({
        name: nameOf(runs[0]),
        cells: [cell.whole(runs.length)].concat(data.trends.map(figure => trendCell(runs, figure)))
      })),
      below: 'Up to ' + LAST_RUNS + ' runs, the newest on the right, with its value and the change against the run before.'
        + ' Settings may differ from run to run: ' + OTHER_LOAD + ' marks a change against a run with other settings.'
    })];
  }

  function resultPages() {
    return data.pages.length === 0 ? [] : [kit.table({
      id: 'pages',
      title: 'Benchmarks and searches',
      columns: ['Page', 'Result', 'Written'].map(name => ({ name: name })),
      rows: data.pages.map(page => ({
        name: page.title,
        content: [el('a', { href: encodeURIComponent(page.file) }, [page.title || page.file])],
        cells: [cell.words(page.text), cell.words(kit.moment(page.written))]
      }))
    })];
  }

  function pick(run, on) {
    picked = picked.filter(other => other !== run);
    dropped = null;
    if (on) {
      dropped = picked.length === 2 ? picked[0] : null;
      /* The list has the newest run first; the older one is the baseline. */
      picked = picked.slice(-1).concat([run]).sort((a, b) => data.runs.indexOf(b) - data.runs.indexOf(a));
    }
    show();
    if (on && picked.length === 2) {
      document.getElementById('compare').scrollIntoView();
    }
    history.replaceState(null, '', picked.length === 0 ? location.pathname
      : '#compare=' + picked.map(one => encodeURIComponent(one.folder)).join('&'));
  }

  function verdict(better, absolute, percent) {
    if (absolute === 0 || (percent !== null && Math.abs(percent) < SAME_PERCENT)) {
      return { raw: 'about the same', text: 'about the same', kind: 'same' };
    }
    if (!better) {
      return cell.words('');
    }
    const kind = (absolute > 0) === (better === 'more') ? 'better' : 'worse';
    /* A small difference of two single runs is no news: it has no color. */
    const isSmall = percent !== null && Math.abs(percent) < SMALL_PERCENT;
    const words = isSmall ? 'slightly ' + kind : kind;
    return { raw: words, text: (absolute > 0 ? '▲ ' : '▼ ') + words, kind: isSmall ? 'same' : kind };
  }

  function comparedFigure(figure) {
    const [one, other] = picked.map(run => at(run, figure.path));
    const known = one !== null && other !== null;
    const absolute = known ? other - one : null;
    const percent = percentOf(one, other);
    return {
      name: (figure.group ? figure.group + ' ' : '') + figure.name
        + (['ms', '%', 's'].includes(figure.unit) ? ' (' + figure.unit + ')' : ''),
      cells: [
        cell.tokens(one),
        cell.tokens(other),
        known ? { raw: absolute, text: signed(kit.tokens(absolute), absolute) } : cell.none,
        percent === null ? cell.none : { raw: percent, text: change(percent) },
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
      below: 'A difference below ' + SAME_PERCENT + ' % counts as none.'
    });
  }

  /* Effective settings come last and replace what else is known: the embedded server's port is no difference. */
  function flat(value, prefix, into) {
    Object.entries(value || {}).forEach(([key, inner]) => {
      const name = prefix + key;
      if (NO_SETTINGS.includes(name)) {
        return;
      }
      if (Array.isArray(inner)) {
        into[name] = inner.map(String).join('; ');
      } else if (name === 'settings') {
        flat(inner, '', into);
      } else if (inner !== null && typeof inner === 'object') {
        flat(inner, name + '.', into);
      } else {
        into[name] = inner === null ? '–' : String(inner).replace(/ -(of|forked) \S+/g, '');
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

  /* Marks the runs that are picked. */
  function mark() {
    data.runs.filter(run => run.picker).forEach(run => {
      const on = picked.includes(run);
      run.picker.closest('tr')?.classList.toggle('llm-picked', on);
      run.picker.checked = on;
    });
  }

  function show() {
    mark();
    const words = picked.length === 2
      ? (dropped ? nameOf(dropped) + ' of ' + moment(dropped) + ' is no longer picked: two runs are compared at a time. ' : '')
        + 'Two single runs also differ by chance: only repeated runs tell whether a difference is real.'
      : picked.length === 1 ? 'Pick a second run to compare.' : 'Pick two runs to compare.';
    document.getElementById('compare').replaceChildren(
      el('p', { class: 'llm-box llm-answer' }, [words]),
      ...picked.length === 2 ? [comparedFigures(), differingSettings()] : []);
  }

  function fromAddress() {
    const folders = location.hash.startsWith('#compare=')
      ? location.hash.slice('#compare='.length).split('&').map(decoded)
      : [];
    return folders.slice(0, 2)
      .map(folder => data.runs.find(run => run.folder === folder && run.totals))
      .filter(run => run !== undefined);
  }

  kit.runsPage = () => {
    data = kit.data();
    data.runs.forEach((run, index) => {
      run.before = run.fork ? null : data.runs.slice(index + 1).find(other => other.totals && !other.fork
        && lineOf(other) === lineOf(run)) ?? null;
    });
    const count = kit.plural(data.runs.length, 'run') + (data.runs.length === 1 ? '' : ', newest first');
    kit.page('Runs', count, [
      el('div', { id: 'compare', class: 'llm-charts', 'aria-live': 'polite' }),
      ...trends(),
      ...resultPages(),
      listOfRuns()
    ]);
    picked = fromAddress();
    show();
    window.addEventListener('hashchange', () => {
      if (location.hash.startsWith('#compare=')) {
        picked = fromAddress();
        dropped = null;
        show();
        document.getElementById('compare').scrollIntoView();
      }
    });
  };
})(Llm);
