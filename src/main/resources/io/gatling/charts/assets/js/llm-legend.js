/* Whose line is whose, which of them are shown, and what they say where the reader points. */
(function (tab) {
  'use strict';

  const el = tab.element;

  /* Where the mouse is, and how many replies stand behind what it points at. */
  function pointedAt(content, index) {
    const counts = (content.counts || []).map(function (count) { return count.values[index]; })
      .filter(function (count) { return count != null; });
    return content.x.format(content.columns[0][index])
      + (counts.length === 0 ? '' : ', n = ' + counts.map(tab.whole).join(' / '));
  }

  /* A legend whose entries are buttons, and show values where the mouse or the arrow keys point. */
  tab.legend = function (frame, content) {
    const at = el('span', { class: 'llm-at' });
    const entries = content.series.map(function (series, index) {
      const value = el('span', { class: 'llm-at-value' });
      const button = el('button', {
        class: 'llm-key',
        type: 'button',
        style: '--llm-key: var(' + series.variable + ')',
        'aria-pressed': String(tab.isShown(frame, series))
      }, [el('span', { class: 'llm-marker' }), series.label, value]);
      if (!series.available) {
        button.disabled = true;
        button.title = series.why;
      }
      button.addEventListener('click', function () {
        const show = !frame.plot.series[index + 1].show;
        frame.chosen[series.label] = show;
        button.setAttribute('aria-pressed', String(show));
        frame.plot.setSeries(index + 1, { show: show });
      });
      return { button: button, value: value, series: series };
    });
    frame.legend.replaceChildren.apply(frame.legend, entries.map(function (entry) {
      return entry.button;
    }).concat([at]));
    return function (plot) {
      const index = plot.cursor.idx;
      at.textContent = index == null ? '' : pointedAt(content, index);
      entries.forEach(function (entry, column) {
        const value = index == null ? null : plot.data[column + 1][index];
        entry.value.textContent = value == null ? '' : entry.series.format(value);
      });
    };
  };

  /* Whether a line is to be drawn: as the reader chose, else as it is at first. */
  tab.isShown = function (frame, series) {
    const chosen = frame.chosen[series.label];
    return series.available && (chosen === undefined ? series.initially : chosen);
  };
})(LlmTokens);
