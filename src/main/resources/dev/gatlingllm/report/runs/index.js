/* Lists runs and sets two of them side by side. Data enters the page as text, never as markup. */
(function () {
  'use strict';

  const runs = JSON.parse(document.getElementById('runs-data').textContent).runs;
  const NOTHING = '–';
  /* Below this share of a figure, a difference is called none. */
  const SAME_PERCENT = 1;

  const time = function (metric, figure) {
    return function (run) {
      const summary = run.metrics && run.metrics[metric];
      return summary ? summary[figure] : null;
    };
  };
  const total = function (name) {
    return function (run) { return run.totals ? run.totals[name] : null; };
  };

  const FIGURES = [
    { name: 'Output tokens/s', of: total('outputTokensPerSecond'), better: 'more' },
    { name: 'Requests/s', of: total('requestsPerSecond'), better: 'more' },
    { name: 'Input tokens/s', of: total('inputTokensPerSecond'), better: 'more' },
    { name: 'TTFT p50', unit: 'ms', of: time('ttft', 'p50'), better: 'less' },
    { name: 'TTFT p95', unit: 'ms', of: time('ttft', 'p95'), better: 'less' },
    { name: 'TTFT p99', unit: 'ms', of: time('ttft', 'p99'), better: 'less' },
    { name: 'ICL p50', unit: 'ms', of: time('icl', 'p50'), better: 'less' },
    { name: 'ICL p99', unit: 'ms', of: time('icl', 'p99'), better: 'less' },
    { name: 'TPOT p50', unit: 'ms', of: time('tpot', 'p50'), better: 'less' },
    { name: 'TPOT p95', unit: 'ms', of: time('tpot', 'p95'), better: 'less' },
    { name: 'E2E p50', unit: 'ms', of: time('e2e', 'p50'), better: 'less' },
    { name: 'E2E p95', unit: 'ms', of: time('e2e', 'p95'), better: 'less' },
    { name: 'Schedule delay p99', unit: 'ms', of: time('scheduleDelay', 'p99'), better: 'less' },
    { name: 'Cache hit', unit: '%', of: total('cacheHitPercent'), better: 'more' },
    { name: 'Goodput', unit: '%', of: goodput, better: 'more' },
    { name: 'Failed requests', unit: '%', of: failed, better: 'less' },
    { name: 'Cold TTFT / warm TTFT', of: function (run) { return run.speedUp; } },
    { name: 'Requests', of: total('requests') },
    { name: 'Conversations', of: total('conversations') },
    { name: 'Input tokens', of: total('inputTokens') },
    { name: 'Output tokens', of: total('outputTokens') },
    { name: 'Measured', unit: 's', of: function (run) { return setting(run, 'durationSeconds'); } }
  ];

  /* What is no setting, but differs from run to run. */
  const NO_SETTINGS = ['id', 'start', 'durationSeconds'];

  function goodput(run) {
    return run.totals && run.totals.goodput ? run.totals.goodput.percent : null;
  }

  function failed(run) {
    return run.totals && run.totals.requests > 0
      ? 100 * run.totals.ko / run.totals.requests
      : null;
  }

  function setting(run, name) {
    return run.run && run.run[name] !== undefined ? run.run[name] : null;
  }

  function fixed(value, decimals) {
    return value.toLocaleString('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals
    });
  }

  /* About three digits that mean something. */
  function figure(value) {
    if (value === null || value === undefined) {
      return NOTHING;
    }
    const size = Math.abs(value);
    return Number.isInteger(value) || size >= 1000
      ? fixed(value, 0)
      : fixed(value, size < 1 ? 3 : size < 10 ? 2 : 1);
  }

  function element(name, attributes, children) {
    const made = document.createElement(name);
    Object.entries(attributes || {}).forEach(function (attribute) {
      made.setAttribute(attribute[0], attribute[1]);
    });
    (children || []).forEach(function (child) {
      made.append(child instanceof Node ? child : String(child));
    });
    return made;
  }

  function moment(run) {
    const start = setting(run, 'start') || run.start;
    return start ? new Date(start).toLocaleString('sv-SE') : 'start not known';
  }

  function nameOf(run) {
    const simulation = setting(run, 'simulation');
    const namedByGatling = /-\d{17}$/.test(run.folder);
    return simulation && namedByGatling ? simulation.slice(simulation.lastIndexOf('.') + 1) : run.folder;
  }

  function address(run, hash) {
    return encodeURIComponent(run.folder) + '/index.html' + hash;
  }

  function value(text, more) {
    return element('td', {}, [text].concat(more ? [element('small', {}, [more])] : []));
  }

  function pairOf(run, metric) {
    const summary = run.metrics[metric];
    return summary ? value(figure(summary.p50), figure(summary.p95)) : value(NOTHING);
  }

  function heading(text, more, words) {
    return element('th', words ? { scope: 'col', class: 'words' } : { scope: 'col' },
      [text].concat(more ? [element('small', {}, [more])] : []));
  }

  function identity(run) {
    const name = run.report ? element('a', { href: address(run, '') }, [nameOf(run)]) : nameOf(run);
    const links = run.report && run.totals
      ? [' · ', element('a', { href: address(run, '#tokens') }, ['Tokens'])]
      : [];
    return element('th', { scope: 'row', class: 'words long' },
      [name].concat(links, [element('small', {}, [moment(run)])]));
  }

  function figuresOf(run) {
    const ko = run.totals.ko;
    const cells = [
      value(figure(setting(run, 'durationSeconds'))),
      value(figure(run.totals.requests), ko > 0 ? figure(ko) + ' KO' : ''),
      value(figure(run.totals.outputTokensPerSecond)),
      pairOf(run, 'ttft'),
      pairOf(run, 'tpot'),
      pairOf(run, 'e2e'),
      value(figure(run.totals.cacheHitPercent)),
      value(figure(goodput(run))),
      value(run.warnings === 0 ? NOTHING : figure(run.warnings))
    ];
    if (ko > 0) {
      cells[1].lastChild.className = 'worse';
    }
    return cells;
  }

  function row(run) {
    const picker = element('input', {
      type: 'checkbox',
      'aria-label': 'Compare ' + nameOf(run) + ' of ' + moment(run)
    });
    picker.disabled = !run.totals;
    picker.addEventListener('change', function () { pick(run, picker.checked); });
    const line = element('tr', {}, [
      element('td', {}, [picker]),
      identity(run),
      element('td', { class: 'words long' }, [setting(run, 'model') || NOTHING])
    ].concat(run.totals
      ? figuresOf(run)
      : [element('td', { class: 'words quiet', colspan: '9' }, [run.problem])]));
    run.row = line;
    run.picker = picker;
    return line;
  }

  function list() {
    document.getElementById('count').textContent = runs.length === 1
      ? '1 run' : fixed(runs.length, 0) + ' runs, newest first';
    document.getElementById('runs').append(
      element('thead', {}, [element('tr', {}, [
        element('td', {}, []),
        heading('Run', '', true),
        heading('Model', '', true),
        heading('Measured', 's'),
        heading('Requests'),
        heading('Output', 'tokens/s'),
        heading('TTFT ms', 'p50, p95'),
        heading('TPOT ms', 'p50, p95'),
        heading('E2E ms', 'p50, p95'),
        heading('Cache hit', '%'),
        heading('Goodput', '%'),
        heading('Warnings')
      ])]),
      element('tbody', {}, runs.map(row)));
  }

  /* The two picked runs: what came before, then what it is compared to. */
  let picked = [];

  function pick(run, whether) {
    picked = picked.filter(function (other) { return other !== run; });
    if (whether) {
      picked = picked.slice(-1).concat([run]);
      /* newest first in the list, so that the later one in it is the earlier run */
      picked.sort(function (a, b) { return runs.indexOf(b) - runs.indexOf(a); });
    }
    show();
    history.replaceState(null, '', picked.length === 0 ? location.pathname
      : '#compare=' + picked.map(function (one) { return encodeURIComponent(one.folder); }).join('&'));
  }

  function difference(one, other) {
    if (one === null || other === null || one === undefined || other === undefined) {
      return null;
    }
    return { absolute: other - one, percent: one === 0 ? null : 100 * (other - one) / Math.abs(one) };
  }

  function signed(text, amount) {
    return amount > 0 ? '+' + text : text.replace('-', '−');
  }

  function verdict(kind, change) {
    const same = change.absolute === 0 ||
      (change.percent !== null && Math.abs(change.percent) < SAME_PERCENT);
    if (!kind || same) {
      return element('td', { class: 'words quiet' }, [same ? 'about the same' : '']);
    }
    const better = (change.absolute > 0) === (kind === 'more');
    return element('td', { class: better ? 'words better' : 'words worse' }, [
      (change.absolute > 0 ? '▲ ' : '▼ ') + (better ? 'better' : 'worse')
    ]);
  }

  function comparedFigure(kind) {
    const one = kind.of(picked[0]);
    const other = kind.of(picked[1]);
    const change = difference(one, other);
    return element('tr', {}, [
      element('th', { scope: 'row', class: 'words' }, [kind.name + (kind.unit ? ' (' + kind.unit + ')' : '')]),
      value(figure(one)),
      value(figure(other)),
      value(change === null ? NOTHING : signed(figure(change.absolute), change.absolute)),
      value(change === null || change.percent === null
        ? NOTHING : signed(fixed(change.percent, 1) + ' %', change.percent)),
      change === null ? element('td', { class: 'words quiet' }, ['not known of both'])
        : verdict(kind.better, change)
    ]);
  }

  function known(kind) {
    return picked.some(function (run) {
      const found = kind.of(run);
      return found !== null && found !== undefined;
    });
  }

  function names() {
    return picked.map(function (run, index) {
      const named = heading(index === 0 ? 'A' : 'B', nameOf(run));
      named.append(element('small', {}, [moment(run)]));
      return named;
    });
  }

  function flat(value, prefix, into) {
    Object.entries(value || {}).forEach(function (entry) {
      const name = prefix + entry[0];
      if (entry[1] !== null && typeof entry[1] === 'object') {
        flat(entry[1], name + '.', into);
      } else if (!NO_SETTINGS.includes(name)) {
        into[name] = entry[1] === null ? NOTHING : String(entry[1]);
      }
    });
    return into;
  }

  function objectives(run) {
    return run.totals.goodput
      ? Object.entries(run.totals.goodput.objectives).map(function (entry) {
        return entry[0] + (entry[1].inclusive ? ' ≤ ' : ' < ') + figure(entry[1].limitMillis) + ' ms';
      }).join(', ')
      : NOTHING;
  }

  function settingsThatDiffer() {
    const sides = picked.map(function (run) {
      return Object.assign(flat(run.run, '', {}), { objectives: objectives(run) });
    });
    const differing = Array.from(new Set(Object.keys(sides[0]).concat(Object.keys(sides[1]))))
      .filter(function (name) { return sides[0][name] !== sides[1][name]; });
    if (differing.length === 0) {
      return [element('p', {}, ['All settings that the runs wrote down are the same.'])];
    }
    return [element('div', { class: 'scroll' }, [element('table', { class: 'pair', id: 'differing' }, [
      element('thead', {}, [element('tr', {}, [heading('Setting', '', true)].concat(
        ['A', 'B'].map(function (side) { return heading(side, '', true); })))]),
      element('tbody', {}, differing.map(function (name) {
        return element('tr', { class: 'differs' }, [
          element('th', { scope: 'row', class: 'words' }, [name])
        ].concat(sides.map(function (side) {
          return element('td', { class: 'words long' }, [side[name] || NOTHING]);
        })));
      }))
    ])])];
  }

  function comparison() {
    const swap = element('button', { type: 'button' }, ['Swap A and B']);
    swap.addEventListener('click', function () {
      picked.reverse();
      show();
      document.querySelector('#compare button').focus();
    });
    const clear = element('button', { type: 'button' }, ['Compare no more']);
    clear.addEventListener('click', function () {
      const first = picked[0];
      picked.slice().forEach(function (run) { pick(run, false); });
      first.picker.focus();
    });
    return [
      element('div', { class: 'tools' }, [element('h2', {}, ['B compared to A']), swap, clear]),
      element('div', { class: 'sides' }, [
        element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Comparison' }, [
          element('table', { class: 'pair', id: 'figures' }, [
            element('thead', {}, [element('tr', {}, [heading('Figure', '', true)].concat(
              names(), [heading('B − A'), heading('Change'), heading('', '', true)]))]),
            element('tbody', {}, FIGURES.filter(known).map(comparedFigure))
          ])
        ]),
        element('div', {}, [element('h3', {}, ['Settings that differ'])].concat(settingsThatDiffer()))
      ]),
      element('p', { class: 'quiet' }, [
        'Differences below ' + SAME_PERCENT + ' % are called none. Two single runs also differ by'
        + ' chance: only repeated runs tell whether a difference is one.'
      ])
    ];
  }

  function show() {
    runs.forEach(function (run) {
      const on = picked.includes(run);
      run.row.classList.toggle('picked', on);
      run.picker.checked = on;
    });
    const place = document.getElementById('compare');
    place.replaceChildren();
    if (picked.length === 2) {
      place.append.apply(place, comparison());
    } else {
      place.append(element('p', { class: 'quiet' }, [
        picked.length === 1
          ? 'One run is picked: pick a second one to see them side by side.'
          : 'Pick two runs to see them side by side.'
      ]));
    }
  }

  function fromAddress() {
    const folders = location.hash.startsWith('#compare=')
      ? location.hash.slice('#compare='.length).split('&').map(function (part) {
        try {
          return decodeURIComponent(part);
        } catch (broken) {
          return '';
        }
      })
      : [];
    picked = folders.slice(0, 2)
      .map(function (folder) {
        return runs.find(function (run) { return run.folder === folder && run.totals; });
      })
      .filter(function (run) { return run !== undefined; });
  }

  list();
  fromAddress();
  show();
})();
