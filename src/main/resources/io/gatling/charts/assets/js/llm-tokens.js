/* The Tokens tab: beside Gatling's own tabs, opened by #tokens or a section of it. Its sections are the
   headline figures, findings, charts, tables, the run and the definitions. */
(kit => {
  'use strict';

  const el = kit.element;

  kit.sameName = (one, other) => {
    const plain = name => name.replace(/\s+/g, ' ').trim();
    return plain(one) === plain(other);
  };

  /* Every chart that the data can fill, in the order of the page. */
  function chartsOf(data) {
    return [
      kit.latencyByTurn, kit.ttftByInput,
      kit.latencyHeat, kit.failuresOverTime,
      kit.latencyOverTime, kit.tokensOverTime,
      kit.responsesOverTime, kit.cacheOverTime,
      kit.serverLoadOverTime, kit.serverOverTime,
      kit.latencyByLoad, kit.ttftByUncached,
      kit.cacheByTurn, kit.percentileCurves,
      kit.latencyDistribution, kit.tokenDistribution
    ].map(chart => chart(data)).filter(frame => frame !== null);
  }

  /* The data belongs to one page; a page of another name must not show it. */
  function belongsHere(data) {
    const selected = document.querySelector('.container .nav li.on .nav-label');
    return data.request === null ? selected === null : kit.sameName(selected?.textContent ?? '', data.request);
  }

  function definitionList(entries) {
    return el('dl', { class: 'llm-definitions' }, entries.flatMap(entry => {
      return [el('dt', {}, [entry[0]]), el('dd', {}, [entry[1]])];
    }));
  }

  function settings(values) {
    const rows = Object.entries(values).map(([name, value]) => el('li', {}, [name + ' = ' + value]));
    return rows.length === 0 ? null : el('ul', { class: 'llm-settings' }, rows);
  }

  function arrivals(came) {
    const plan = came.planned;
    const users = kit.plural(came.users, 'user');
    if (plan && plan.users > 2 && plan.variation === null && came.variation !== null) {
      return users + '; planned: ' + kit.plural(plan.users, 'user') + ' at once';
    }
    return users + ', ' + kit.score(came.perSecond, 3) + '/s'
      + (came.variation === null ? '' : ', variation ' + came.variation.toFixed(2))
      + (plan ? '; planned: ' + arrivals(plan) : '');
  }

  function runInfo(run, came) {
    return kit.box('tokens-run', 'Run', definitionList([
      ['Simulation', run.simulation],
      ['Started', run.start],
      ['Measured', kit.rate(run.durationSeconds) + ' s (excludes warm-up and drain)'],
      ['Server', run.baseUrl],
      ['API', run.api],
      ['Model', run.model],
      ['Tokenizer', run.tokenizer],
      ['Seed', run.seed],
      ['Load', (run.injection || []).join('; ')],
      ['Arrivals', came ? arrivals(came) : null],
      ['Part of the load', kit.shard(run) && kit.shard(run) + ' (' + run.shard.source + ')'],
      ['Settings', settings(run.settings || {})],
      ['Load generator', (run.machine || []).join('; ')],
      ['Versions', [
        ['gatling-llm', run.version], ['Gatling', run.gatlingVersion], ['Java', run.javaVersion]
      ].filter(version => version[1] !== null)
        .map(version => version.join(' '))
        .join(', ')]
    ].filter(entry => entry[1] !== null && entry[1] !== '')));
  }

  function definitions() {
    return kit.box('tokens-definitions', 'Definitions', definitionList([
      ['TTFT', 'Time to first token: from the moment the request was written to the first chunk with'
        + ' output of any kind: text, reasoning or a tool call. An empty first chunk does not count.'],
      ['TTFO', 'Time to first output token: the same, up to the first output that is not reasoning.'],
      ['TPOT', 'Time per output token of a response with at least two tokens: from its first chunk with'
        + ' output to its last, divided by output tokens − 1.'],
      ['ICL', 'Inter-chunk latency: gaps between successive chunks with output, over all responses. Other'
        + ' tools call it ITL. Here, ITL is given only if each chunk is known to be one token.'],
      ['E2E', 'End-to-end latency: from the moment the request was written to the last byte of the'
        + ' response. NTPOT is E2E divided by output tokens.'],
      ['Output tokens/s', 'Tokens that arrived in the measured window, divided by its length. Tokens count'
        + ' when they arrive, not when the response ends.'],
      ['Cache hit', 'Cached tokens divided by input tokens. Responses that do not report cached tokens count as'
        + ' uncached; of two numbers, the second one leaves them out. “Reusable” is the share that an'
        + ' earlier prompt had already sent. A server that also caches its responses can exceed it.'],
      ['Cold, warm', 'Prompts of which less than half was cached, and the others: by the server’s report, else'
        + ' by what earlier prompts had sent.'],
      ['Waiting, cut, abandoned', 'Requests that had no token yet at the end of the measured window or when their'
        + ' users left, requests that were under way when the load was stopped, and responses whose users left'
        + ' before their end: neither OK nor KO.'],
      ['Retries, re-sent', 'Responses to second and later attempts, and requests that were written twice because'
        + ' a reused connection closed before any response.'],
      ['Cut prompts, unsent turns', 'Prompts that omitted earlier turns to fit the context window, and turns that'
        + ' did not fit at all.'],
      ['Samples', 'The count beside each figure is its number of samples. What the server does not report'
        + ' is “not reported”, never 0. Percentiles keep three significant digits.'],
      ['Warm-up, drain', 'Time before the measured window, and time after it in which the last'
        + ' conversations ended: shaded in the charts over time, and part of no figure or table.'],
      ['Percentiles', 'A percentile is shown only if at least one sample is expected beyond it:'
        + ' 20 responses for p95, 100 for p99, 1,000 for p99.9. n is the number of responses.']
    ]));
  }

  function nameOf(run) {
    return (run.simulation || 'Run').split('.').pop();
  }

  /* When, against what and under which load the run was. */
  function runLine({ run, pages }) {
    return [pages > 1 ? 'All responses of this name, from ' + pages + ' groups of Gatling’s' : '',
      kit.moment(run.start), kit.shard(run), kit.brief(run.model || '', 60), run.settings?.baseUrl || run.baseUrl,
      kit.brief((run.injection || []).join('; '), 150),
      'measured ' + kit.rate(run.durationSeconds) + ' s'].filter(words => words).join(' · ');
  }

  function sectionsOf(data) {
    const charts = chartsOf(data);
    return [].concat(
      kit.findings('tokens-findings', 'Findings', data.notes || []),
      charts.length === 0 ? [] : [kit.charts(charts)],
      kit.server(data),
      [kit.lanes(data)].filter(lanes => lanes !== null),
      kit.tables(data),
      kit.singleResponses(data),
      [runInfo(data.run, data.arrivals), definitions()]);
  }

  function figuresOf(data) {
    return [kit.figures(data), ...kit.figureNotes(data)];
  }

  /* All sections. What a filter or other objectives change is made anew; changed() is called then. */
  function contentOf(data, changed) {
    const drawn = kit.drawnOf(data);
    kit.judgeBy(kit.objectivesOfRun(data));
    let view = [];
    const controls = kit.controls(data, drawn, (filter, isJudgedAnew) => {
      kit.forgetCharts();
      view.forEach(section => { section.remove(); });
      const shown = kit.viewOf(data, drawn, filter, isJudgedAnew);
      const [figures, rest] = [figuresOf(shown), sectionsOf(shown)];
      controls.before(...figures);
      controls.after(...rest);
      view = [...figures, ...rest];
      kit.drawCharts();
      changed();
      return shown;
    });
    const [figures, rest] = [figuresOf(data), sectionsOf(data)];
    view = [...figures, ...rest];
    return [...data.verdict ? [kit.verdict(data.verdict)] : [], ...figures, controls, ...rest];
  }

  /* The content of the tab as a standalone page. */
  kit.tokensPage = () => {
    const data = kit.data();
    kit.page(nameOf(data.run), runLine(data), contentOf(data, () => {}), kit.moment(data.run.start));
  };

  /* On the index page the left menu lists the sections of what is shown. */
  function menuItems(panel) {
    return [...panel.querySelectorAll('[data-menu]')].map(section => el('li', {}, [
      el('a', { class: 'item', href: '#' + section.id }, [
        el('span', { class: 'nav-label' }, [section.dataset.menu])
      ])
    ]));
  }

  function visible(element, whether) {
    element.classList.toggle('llm-hidden', !whether);
  }

  /* What the parts of Gatling's page are, for screen readers: its markup does not say. */
  function nameLandmarks() {
    const roles = {
      '.head': { role: 'banner' },
      '.container > .nav': { role: 'navigation', 'aria-label': 'Sections' },
      '.cadre': { role: 'main' },
      '.onglet': { role: 'heading', 'aria-level': '1' }
    };
    Object.entries(roles).forEach(([selector, attributes]) => {
      Object.entries(attributes).forEach(([name, value]) => { document.querySelector(selector)?.setAttribute(name, value); });
    });
  }

  /* Leads past the links of the menu. */
  function skipLink(panel) {
    const link = el('a', { class: 'llm-skip', href: '#tokens' }, ['Skip to the figures']);
    link.addEventListener('click', () => { panel.focus(); });
    return link;
  }

  kit.install = () => {
    const data = kit.data();
    if (!belongsHere(data)) {
      console.warn('The token figures of "' + data.request + '" belong to another page');
      return;
    }
    const gatling = document.querySelector('.content-in > .container-article');
    const gatlingMenu = document.querySelector('.container > .nav > ul');
    const header = document.querySelector('.content-header');
    const gatlingTab = document.querySelector('.sous-menu-spacer > .ouvert');
    const panel = el('div', { id: 'tokens', class: 'llm-content llm-tokens llm-hidden', tabindex: '-1' }, [
      el('p', { class: 'llm-run' }, [runLine(data)]),
      ...contentOf(data, () => menu?.replaceChildren(...menuItems(panel)))
    ]);
    const link = el('a', { id: 'llm-tokens-tab', href: '#tokens' }, ['Tokens']);
    const item = el('div', { class: 'item' }, [link]);
    const menu = data.request === null ? el('ul', { class: 'llm-hidden' }, menuItems(panel)) : null;
    let drawn = false;

    gatling.after(panel);
    gatlingTab.parentElement.append(item);
    document.body.prepend(skipLink(panel));
    kit.dropDeadLinks();
    nameLandmarks();
    document.title = [data.request, nameOf(data.run) + ', ' + kit.moment(data.run.start)]
      .filter(part => part !== null).join(' – ');
    if (menu !== null) {
      gatlingMenu.after(menu);
    }

    /* Keeps the tab open from request to request. */
    function keepOpen(open) {
      gatlingMenu.querySelectorAll('a.item').forEach(page => {
        const href = page.getAttribute('href').replace(/#tokens$/, '');
        page.setAttribute('href', open ? href + '#tokens' : href);
      });
    }

    function show(open) {
      visible(panel, open);
      visible(gatling, !open);
      item.classList.toggle('ouvert', open);
      gatlingTab.classList.toggle('ouvert', !open);
      link.ariaCurrent = open ? 'page' : null;
      if (menu === null) {
        keepOpen(open);
      } else {
        visible(menu, open);
        visible(gatlingMenu, !open);
      }
      if (open && !drawn) {
        drawn = true;
        kit.drawCharts();
      }
      if (!open) {
        window.dispatchEvent(new Event('resize'));
      }
    }

    function follow() {
      /* a section that a filter has left out leads to the top */
      const target = /^#tokens(-[a-z-]+)?$/.test(location.hash)
        ? document.getElementById(location.hash.slice(1)) ?? panel
        : null;
      const open = target !== null;
      if (open === panel.classList.contains('llm-hidden')) {
        show(open);
      }
      if (open) {
        /* at once: a smooth scroll stops where charts still change */
        (target === panel ? header : target).scrollIntoView({ behavior: 'instant' });
      }
    }

    gatlingTab.querySelector('a').addEventListener('click', event => {
      if (item.classList.contains('ouvert')) {
        event.preventDefault();
        location.hash = '';
      }
    });
    window.addEventListener('hashchange', follow);
    /* Gatling's charts take their size when they are drawn, so hide them later. */
    setTimeout(follow, 0);
  };
})(Llm);
