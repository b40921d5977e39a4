/* How a chart of the Tokens tab is drawn: by uPlot, in the colours of Gatling's theme. */
(function (tab) {
  'use strict';

  const el = tab.element;

  const HEIGHT = 240;
  const FONT = '12px Arial, sans-serif';

  tab.colors = {
    blue: '--gatling-blue-color',
    orange: '--gatling-orange-color',
    violet: '--gatling-enterprise-color',
    green: '--gatling-success-color',
    amber: '--gatling-total-color',
    red: '--gatling-danger-color',
    gray: '--gatling-gray-medium-color'
  };

  const frames = [];

  /* The theme's colour at this moment: a canvas cannot refer to a variable. */
  tab.color = function (variable, opacity) {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
    const long = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
    return opacity === undefined ? long : long + opacity;
  };

  tab.axis = function (options) {
    return Object.assign({
      font: FONT,
      stroke: function () { return tab.color('--gatling-text-color'); },
      grid: { width: 1, stroke: function () { return tab.color('--gatling-border-color', '80'); } },
      ticks: { width: 1, size: 4, stroke: function () { return tab.color('--gatling-border-color'); } },
      values: function (plot, splits) { return splits.map(tab.tick); },
      size: 34,
      gap: 6
    }, options);
  };

  tab.valueAxis = function (options) {
    return tab.axis(Object.assign({
      size: function (plot, values) {
        const longest = (values || []).reduce(function (length, label) {
          return Math.max(length, label === null ? 0 : label.length);
        }, 0);
        return 18 + 7 * Math.max(3, longest);
      }
    }, options));
  };

  tab.line = function (options) {
    const color = options.color;
    return {
      label: options.label,
      variable: color,
      format: options.format,
      initially: options.initially !== false,
      available: options.available !== false,
      why: options.why,
      scale: options.scale || 'y',
      stroke: function () { return tab.color(color); },
      fill: options.area ? function () { return tab.color(color, '26'); } : undefined,
      paths: options.paths,
      dash: options.dash,
      width: options.width === undefined ? 2 : options.width,
      spanGaps: true,
      points: options.points || { size: 5 }
    };
  };

  tab.fromZero = {
    range: function (plot, min, max) {
      return max == null || max <= 0 ? [0, 1] : [0, uPlot.rangeNum(0, max, 0.1, true)[1]];
    }
  };

  tab.percentScale = { range: function () { return [0, 100]; } };

  tab.percentAxis = function (options) {
    return tab.valueAxis(Object.assign({
      values: function (plot, splits) {
        return splits.map(function (share) { return tab.tick(share) + ' %'; });
      }
    }, options));
  };

  /* For those who cannot see it: how far each line goes. */
  function inWords(title, content) {
    return content.series.reduce(function (words, series, index) {
      const values = content.columns[index + 1].filter(function (value) { return value !== null; });
      return values.length === 0 ? words : words + ' ' + series.label + ': from '
        + series.format(Math.min.apply(null, values)) + ' to '
        + series.format(Math.max.apply(null, values)) + '.';
    }, title + '.');
  }

  function asRows(content) {
    const counts = content.counts || [];
    const headings = [content.x.name].concat(
      content.series.map(function (series) { return series.label; }),
      counts.map(function (count) { return count.name; }));
    const columns = content.columns.slice(1).concat(
      counts.map(function (count) { return count.values; }));
    return [headings].concat(content.columns[0].map(function (at, index) {
      return [content.x.value ? content.x.value(at) : at].concat(
        columns.map(function (column) { return column[index]; }));
    }));
  }

  function arrowKeys(plot, event) {
    const last = plot.data[0].length - 1;
    const from = plot.cursor.idx;
    const to = {
      ArrowLeft: from == null ? last : Math.max(0, from - 1),
      ArrowRight: from == null ? 0 : Math.min(last, from + 1),
      Home: 0,
      End: last
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      plot.setCursor({ left: plot.valToPos(plot.data[0][to], 'x'), top: 0 });
    }
  }

  function draw(frame) {
    const content = frame.make();
    const options = content.options;
    const variable = function (plot, index) { return 'var(' + plot.series[index].variable + ')'; };
        if (frame.plot) {
      frame.plot.destroy();
    }
    frame.title.textContent = content.title;
    frame.caption.textContent = content.caption;
    frame.plot = new uPlot(Object.assign({ width: frame.place.clientWidth, height: HEIGHT }, options, {
      legend: { show: false },
      series: [{}].concat(content.series.map(function (series) {
        return Object.assign({}, series, { show: tab.isShown(frame, series) });
      })),
      hooks: Object.assign({ setCursor: [tab.legend(frame, content)] }, options.hooks),
      cursor: Object.assign({
        y: false,
        points: { size: 8, stroke: variable, fill: variable }
      }, options.cursor)
    }), content.columns, frame.place);
    const picture = frame.plot.root.querySelector('.u-wrap');
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', inWords(content.title, content));
    picture.tabIndex = 0;
    picture.addEventListener('keydown', function (event) { arrowKeys(frame.plot, event); });
    if (content.drawn) {
      content.drawn(frame.plot);
    }
  }

  /*
   * A box of Gatling's with a heading, choices, a line of explanation, a plot and its legend.
   *
   * make() says what to draw: title, caption, x ({ name, format, value }), series, columns, counts
   * ({ name, values }) of the replies behind them, options for uPlot, and what is to be done once it
   * is drawn. choices: [{ label, options, selected, choose }]; a choice draws anew.
   */
  tab.chart = function (id, menu, choices, make) {
    const place = el('div', { class: 'llm-plot' });
    const legendPlace = el('div', { class: 'llm-legend' });
    const caption = el('p', { class: 'llm-caption' });
    const frame = { place: place, legend: legendPlace, caption: caption, make: make, chosen: {} };
    const first = make();
    const controls = choices.filter(function (choice) { return choice.options.length > 1; })
      .map(function (choice) {
        return tab.choice(choice.label, choice.options, choice.selected, function (index) {
          choice.choose(index);
          draw(frame);
        });
      });
    const csv = tab.csvButton(id, first.title, function () { return asRows(make()); });
    const header = tab.header(id, first.title, controls.concat([csv]));
    frame.title = header.querySelector('.llm-title');
    caption.textContent = first.caption;
    frame.schema = el('section', { class: 'schema llm-chart', id: id, 'data-menu': menu }, [
      header, caption, place, legendPlace
    ]);
    frame.draw = function () {
      frames.push(frame);
      draw(frame);
      new ResizeObserver(function () {
        if (place.clientWidth > 0 && place.clientWidth !== frame.plot.width) {
          frame.plot.setSize({ width: place.clientWidth, height: HEIGHT });
        }
      }).observe(place);
    };
    return frame;
  };

  tab.redrawCharts = function () {
    frames.forEach(function (frame) { frame.plot.redraw(false, true); });
  };

  /* Paper is white. */
  tab.printLight = function () {
    const root = document.documentElement;
    let theme = null;
    window.addEventListener('beforeprint', function () {
      theme = root.getAttribute('data-theme');
      root.setAttribute('data-theme', 'light');
      tab.redrawCharts();
    });
    window.addEventListener('afterprint', function () {
      root.setAttribute('data-theme', theme);
      tab.redrawCharts();
    });
  };

  tab.drawnCharts = frames;
})(LlmTokens);
