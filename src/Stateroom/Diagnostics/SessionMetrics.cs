using System.Diagnostics.Metrics;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Names = Stateroom.Diagnostics.StateroomTelemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Stateroom.Diagnostics;

/// <summary>Why a session ended.</summary>
internal enum SessionEndReason
{
    Client = 0,
    Administrator,
    Expired,
}

/// <summary>What is counted of sessions. Where nobody collects it, each of these is a look at one field.</summary>
internal sealed class SessionMetrics
{
    private const string Unavailable = "unavailable";

    private readonly TenantLabels _tenants;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _abandoned;
    private readonly Counter<long> _appended;
    private readonly Counter<long> _gaps;
    private readonly Histogram<int> _depth;
    private readonly Histogram<double> _duration;

    /// <param name="tenants">What tenants are called.</param>
    /// <param name="meters">The host's meters; null where nobody collects.</param>
    public SessionMetrics(TenantLabels tenants, IMeterFactory? meters = null)
    {
        _tenants = tenants;
        Meter = meters?.Create(Names.MeterName) ?? new Meter(Names.MeterName);
        _opened = Meter.CreateCounter<long>(Names.SessionsOpened, "{session}", "Sessions that were opened.");
        _ended = Meter.CreateCounter<long>(Names.SessionsEnded, "{session}", "Sessions that were ended.");
        _lookups = Meter.CreateCounter<long>(Names.SessionLookups, "{lookup}", "Look-ups of sessions.");
        _writes = Meter.CreateCounter<long>(Names.StateWrites, "{write}", "Conditional writes of state.");
        _retries = Meter.CreateCounter<long>(Names.StateRetries, "{attempt}", "Further attempts of updates that had lost to another writer.");
        _abandoned = Meter.CreateCounter<long>(Names.StateAbandoned, "{update}", "Updates that lost every attempt and failed.");
        _appended = Meter.CreateCounter<long>(Names.OutboxAppended, "{item}", "Items that were added to streams of outboxes.");
        _gaps = Meter.CreateCounter<long>(Names.OutboxGaps, "{gap}", "Reads that found messages gone which the client had not seen.");
        _depth = Meter.CreateHistogram(
            Names.OutboxDepth, "{message}", "Messages that a stream held for its client when they were fetched.", advice: Buckets(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000));
        _duration = Meter.CreateHistogram(
            Names.StoreDuration, "s", "How long the backend took.", advice: Buckets(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5));
    }

    public Meter Meter { get; }

    /// <summary>Whether anybody wants to know of the backend's doings.</summary>
    public bool AreStoresWatched => _duration.Enabled || _lookups.Enabled || _opened.Enabled || _writes.Enabled || _appended.Enabled || _gaps.Enabled || _depth.Enabled;

    public static string NameOf(SessionEra era) => era == SessionEra.Handshake ? "handshake" : "stateless";

    /// <summary>Tells what is rare and bad as 0 from the start, so that the first time shows as a rise and not as a series that begins.</summary>
    public void Begin()
    {
        _gaps.Add(0);
        foreach (var tenant in _tenants.Labels)
        {
            _retries.Add(0, new Tag(Names.Tenant, tenant));
            _abandoned.Add(0, new Tag(Names.Tenant, tenant));
        }
    }

    public string NameOf(Caller caller) => _tenants.Of(caller);

    public void Opened(Caller caller, SessionEra era) => _opened.Add(1, Tenant(caller), new Tag(Names.Era, NameOf(era)));

    public void Ended(Caller caller, SessionEndReason reason)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, Tenant(caller), new Tag(Names.EndReason, reason == SessionEndReason.Administrator ? "administrator" : "client"));
        }
    }

    public void Expired(TenantId tenant)
    {
        if (_ended.Enabled)
        {
            _ended.Add(1, new Tag(Names.Tenant, _tenants.Of(tenant)), new Tag(Names.EndReason, "expired"));
        }
    }

    public void LookedUp(SessionEra era, bool found) => _lookups.Add(1, new Tag(Names.Era, NameOf(era)), new Tag(Names.Outcome, found ? "found" : "not_found"));

    public void LookUpFailed(SessionEra era) => _lookups.Add(1, new Tag(Names.Era, NameOf(era)), new Tag(Names.Outcome, Unavailable));

    public void Wrote(Caller caller, StateWriteStatus? status) => _writes.Add(1, Tenant(caller), new Tag(Names.Outcome, status switch
    {
        StateWriteStatus.Written => "written",
        StateWriteStatus.Conflict => "conflict",
        StateWriteStatus.NotFound => "not_found",
        StateWriteStatus.TooLarge => "too_large",
        _ => Unavailable,
    }));

    public void Retried(Caller caller)
    {
        if (_retries.Enabled)
        {
            _retries.Add(1, Tenant(caller));
        }
    }

    public void Abandoned(Caller caller) => _abandoned.Add(1, Tenant(caller));

    public void Appended(bool kept) => _appended.Add(1, new Tag(Names.Outcome, kept ? "kept" : "dropped"));

    public void Fetched(OutboxPage page)
    {
        if (page.Items.Count > 0)
        {
            _depth.Record(page.Items.Count);
        }

        if (page.Trimmed)
        {
            _gaps.Add(1);
        }
    }

    /// <summary>Times what the backend was asked for.</summary>
    /// <param name="operation">What that is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begun">When it was asked, by that clock.</param>
    /// <param name="answering">Its answer, which is waited for.</param>
    public async ValueTask<T> TimeAsync<T>(string operation, TimeProvider time, long begun, ValueTask<T> answering)
    {
        try
        {
            var answer = await answering;
            Took(operation, time.GetElapsedTime(begun), failed: false);
            return answer;
        }
        catch (SessionStoreUnavailableException)
        {
            Took(operation, time.GetElapsedTime(begun), failed: true);
            throw;
        }
    }

    /// <summary>Says how long the backend took.</summary>
    public void Took(string operation, TimeSpan time, bool failed)
    {
        if (failed)
        {
            _duration.Record(time.TotalSeconds, new Tag(Names.Operation, operation), new Tag("error.type", Unavailable));
        }
        else
        {
            _duration.Record(time.TotalSeconds, new Tag(Names.Operation, operation));
        }
    }

    private Tag Tenant(Caller caller) => new(Names.Tenant, _tenants.Of(caller));

    private static InstrumentAdvice<T> Buckets<T>(params T[] boundaries)
        where T : struct => new() { HistogramBucketBoundaries = boundaries };
}
