// SPDX-License-Identifier: MIT
// Made by tools/gen_definitions.mjs from docs/kpi.md; do not edit.

/** How a KPI is defined. */
export interface Definition {
  readonly formula: string;
  readonly unit: string;
  /** How its interval is made, "none" where it has none. */
  readonly interval: string;
  readonly source: string;
  /** The options its value depends on, with their defaults as JSON. */
  readonly options: Readonly<Record<string, string>>;
}

export const definitions: Readonly<Record<string, Definition>> = {
  "active_time": {
    "formula": "mean over sessions of Σ act(i), act(i) being the time from event i to the next one of the client session, at most `idle_cap_ms`, while at least one page view is visible.",
    "unit": "s",
    "interval": "mean-t, not below 0",
    "source": "Page Visibility API; GA4 engagement time",
    "options": {
      "idle_cap_ms": "30000",
      "confidence": "0.95",
      "session_timeout_ms": "1800000"
    }
  },
  "average_session_duration": {
    "formula": "mean of τ_last − τ_first over sessions.",
    "unit": "s",
    "interval": "mean-t, not below 0",
    "source": "field usage",
    "options": {
      "duration_exclude_bounces": "false",
      "confidence": "0.95",
      "session_timeout_ms": "1800000"
    }
  },
  "bounce_rate": {
    "formula": "`single_page` (default, as has it): x = sessions with exactly 1 page view, n = sessions with ≥ 1. `ga4`: x = sessions not engaged, n = all sessions.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "Google Analytics 4 help",
    "options": {
      "bounce_mode": "\"single_page\"",
      "engaged_ms": "10000",
      "idle_cap_ms": "30000",
      "session_timeout_ms": "1800000",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "conversion_rate": {
    "formula": "x = visitors with ≥ 1 goal of `conversion_goals` ([order]), n = visitors; `conversion_unit: session` counts sessions.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "field usage",
    "options": {
      "conversion_unit": "\"visitor\"",
      "conversion_goals": "[\"order\"]",
      "session_timeout_ms": "1800000",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "dead_click_rate": {
    "formula": "A click is live if a later event of the session is a `mutation` of its page view or a `page_view` with Δτ ≤ `dead_ms` (2500), or a `scroll` of its page view with Δτ ≤ `dead_scroll_ms` (100); else dead if some later event (of any tab) has Δτ ≥ `dead_ms`; else unresolved. x = dead, n = dead + live; also `unresolved`, `exempt`.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "PostHog (2500 ms; scroll 100 ms). Others: Sentry 7000 ms, scroll 300 ms; Microsoft Clarity",
    "options": {
      "dead_ms": "2500",
      "dead_scroll_ms": "100",
      "dead_interactive_only": "false",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "engagement_rate": {
    "formula": "Engaged = active time > `engaged_ms` (10 000, strictly) or ≥ 2 page views or ≥ 1 goal. x = engaged, n = all sessions.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "Google Analytics 4 help",
    "options": {
      "engaged_ms": "10000",
      "idle_cap_ms": "30000",
      "session_timeout_ms": "1800000",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "error_click_rate": {
    "formula": "For each `error` of kind js the last click before it on the same page view, if Δτ ≤ `error_click_ms` (1000), is an error click (counted once). x / all clicks.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "FullStory; Datadog",
    "options": {
      "error_click_ms": "1000",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "error_rate": {
    "formula": "Σ errors / attempts. Always also `share_with_error` = attempts with ≥ 1 error / attempts.",
    "unit": "errors/attempt",
    "interval": "`share`: rate x/n; per attempt: none",
    "source": "Sauro & Lewis 2016",
    "options": {
      "error_rate_mode": "\"per_attempt\"",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "inp_p75": {
    "formula": "Last `vital` INP per page view; type-7 quantile 0.75; by default `good_share` = share ≤ 200; rating good ≤ 200 < needs_improvement ≤ 500 < poor. `sketch` = DDSketch answer; when merged, `sketch` stands for the value.",
    "unit": "ms",
    "interval": "none",
    "source": "web.dev, web-vitals",
    "options": {
      "vital_thresholds": "{\"CLS\":[0.1,0.25],\"FCP\":[1800,3000],\"INP\":[200,500],\"LCP\":[2500,4000],\"TTFB\":[800,1800]}",
      "sketch_alpha": "0.01"
    }
  },
  "js_error_rate": {
    "formula": "js errors / page views.",
    "unit": "errors/view",
    "interval": "none",
    "source": "field usage",
    "options": {}
  },
  "lcp_p75": {
    "formula": "Last `vital` LCP per page view; type-7 quantile 0.75; by default `good_share` = share ≤ 2500; rating good ≤ 2500 < needs_improvement ≤ 4000 < poor. `sketch` = DDSketch answer; when merged, `sketch` stands for the value.",
    "unit": "ms",
    "interval": "none",
    "source": "web.dev, web-vitals",
    "options": {
      "vital_thresholds": "{\"CLS\":[0.1,0.25],\"FCP\":[1800,3000],\"INP\":[200,500],\"LCP\":[2500,4000],\"TTFB\":[800,1800]}",
      "sketch_alpha": "0.01"
    }
  },
  "number_of_clicks": {
    "formula": "`click` events with finite x, y; also per session and per page view.",
    "unit": "clicks",
    "interval": "none",
    "source": "field usage",
    "options": {}
  },
  "page_views": {
    "formula": "number of `page_view` events",
    "unit": "count",
    "interval": "none",
    "source": "field usage",
    "options": {}
  },
  "pages_per_visit": {
    "formula": "page views / sessions with ≥ 1 page view.",
    "unit": "pages",
    "interval": "mean-t, not below 0",
    "source": "field usage",
    "options": {
      "confidence": "0.95",
      "session_timeout_ms": "1800000"
    }
  },
  "rage_click_rate": {
    "formula": "Clicks of one page view in order; a click joins the chain if |Δx|+|Δy| < `rage_px` (30) and Δτ < `rage_ms` (1000) from the click before, else it starts a new chain. A chain that reaches `rage_clicks` (3) is one episode, however long it gets. x = sessions with ≥ 1, n = sessions; `episodes`; `confirmed` = episodes in which at least one click of the whole chain is dead (dead_click_rate, same options), or a js `error` of the same page view and session comes after the chain's last click with Δτ ≤ `error_click_ms`.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "PostHog (3, 30 px, 1000 ms). Others: Datadog > 3 in 1 s; Sentry ≥ 3 in 7 s on a dead element; Mixpanel 4",
    "options": {
      "rage_clicks": "3",
      "rage_px": "30",
      "rage_ms": "1000",
      "rage_metric": "\"manhattan\"",
      "error_click_ms": "1000",
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "scroll_depth": {
    "formula": "Per page view with vh, dh > 0: min(1, max(vh, max(y + vh))/dh). Value = mean; `reach[t]` = share ≥ t for t = 0.25, 0.5, 0.75, 0.9, 1.",
    "unit": "ratio",
    "interval": "none",
    "source": "GA4 (90 %); Hotjar",
    "options": {
      "scroll_thresholds": "[0.25,0.5,0.75,0.9,1]"
    }
  },
  "sessions": {
    "formula": "number of sessions: a client session is cut where nothing happened for longer than `session_timeout_ms`",
    "unit": "count",
    "interval": "none",
    "source": "field usage",
    "options": {
      "session_timeout_ms": "1800000"
    }
  },
  "task_abandonment_rate": {
    "formula": "x = attempts with outcome `abandon` (given or because unfinished), n = all attempts.",
    "unit": "ratio",
    "interval": "rate x/n",
    "source": "ISO/IEC 25022",
    "options": {
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\""
    }
  },
  "task_success_rate": {
    "formula": "x = attempts with outcome `success`, n = all attempts (also unfinished). Also `laplace` = (x+1)/(n+2), and `with_partial` = (x + c·partial)/n, c = `partial_credit` (0).",
    "unit": "ratio",
    "interval": "rate x/n; small n: show interval and `laplace`",
    "source": "Sauro & Lewis 2005, 2016 ch. 3; ISO 9241-11; ISO/IEC 25022",
    "options": {
      "confidence": "0.95",
      "ci_method": "\"adjusted_wald\"",
      "partial_credit": "0"
    }
  },
  "time_on_task": {
    "formula": "Geometric mean exp(mean ln d) of the valid durations of successful attempts; also `mean`, `median` (type 7), `excluded` (attempts of the population with d not valid).",
    "unit": "s",
    "interval": "log-t",
    "source": "Sauro & Lewis 2010 (geometric mean best for n < 25)",
    "options": {
      "time_population": "\"success\"",
      "max_task_ms": "3600000",
      "confidence": "0.95",
      "sketch_alpha": "0.01"
    }
  }
};
