using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Limits;

/// <summary>
/// The admission of one HTTP request: asked for when it comes, with a place for the call or stream that it most likely is; known before anything is done for it.
/// What its body turns out to hold besides is counted when it is read.
/// </summary>
internal sealed class RequestAdmission : IDisposable, IPlaces
{
    private static readonly Task<Admission> _free = Task.FromResult(default(Admission));

    private readonly IAdmission _admission;
    private readonly RefusalTally _tally;
    private readonly HttpContext _context;
    private readonly Caller _caller;
    private readonly AnswersUnderWay.Answer? _answer;
    private readonly Task<Admission> _first;
    private Task<Admission>? _second;
    private RequestId _id;
    private bool _needsPlace;
    private bool _exchanged;
    private bool _kept;

    public RequestAdmission(IAdmission admission, RefusalTally tally, HttpContext context, Caller caller, AnswersUnderWay.Answer? answer)
    {
        _answer = answer;
        _admission = admission;
        _tally = tally;
        _context = context;
        _caller = caller;
        var method = context.Request.Method;
        _needsPlace = HttpMethods.IsGet(method);
        var place = HttpMethods.IsPost(method) ? AdmissionPlace.Call : _needsPlace ? AdmissionPlace.Stream : AdmissionPlace.None;
        _first = AdmitAsync(new(_caller) { Messages = 1, Place = place, Count = place == AdmissionPlace.None ? 0 : 1 });
    }

    /// <summary>Whether the answer is there.</summary>
    public bool IsDecided => _first.IsCompleted && _second is not { IsCompleted: false };

    /// <summary>Whether it is known by now that the request came too soon.</summary>
    public bool IsTooSoon => _first is { IsCompletedSuccessfully: true, Result.Refusal: not null };

    /// <summary>Whether the request has a place, so that as much of its body may be read as a body may have. Without one it can only be something short: an answer, a cancellation.</summary>
    public async ValueTask<bool> HasPlaceAsync() => _answer?.Refusal is null && await _first is { Refusal: null, PlaceRefusal: null };

    /// <summary>
    /// Takes note of what the body holds. Only what runs needs a place: requests, and notifications that the host handles. Answers and cancellations come through
    /// where no call is left.
    /// </summary>
    /// <param name="messages">The messages.</param>
    /// <param name="handlesNotifications">Whether the host handles notifications.</param>
    public void Read(IReadOnlyList<JsonRpcMessage> messages, bool handlesNotifications)
    {
        var (calls, needy) = (0, 0);
        for (var i = 0; i < messages.Count; i++)
        {
            var runs = messages[i] is JsonRpcRequest || (handlesNotifications && messages[i] is JsonRpcNotification);
            calls += runs ? 1 : 0;
            needy += runs && messages[i] is not JsonRpcNotification { Method: NotificationMethods.CancelledNotification } ? 1 : 0;
        }

        _needsPlace = needy > 0;
        _id = messages is [JsonRpcRequest { Id: var id }] ? id : default;
        if (messages.Count > 1)
        {
            _second = AdmitAsync(new(_caller) { Messages = messages.Count - 1, Place = AdmissionPlace.Call, Count = Math.Max(0, calls - 1) });
        }
    }

    /// <summary>Takes the place of a stream in exchange for that of a call.</summary>
    public void BecomeStream()
    {
        _exchanged = true;
        _answer?.Dispose();
        _second = AdmitAsync(new(_caller) { Place = AdmissionPlace.Stream, Count = 1 });
        _ = ReleaseAsync(_first);
    }

    /// <summary>Answers the request itself if it may not be served.</summary>
    /// <param name="id">The id to echo, where the body was not a message that could be taken note of.</param>
    /// <returns>Whether it was answered.</returns>
    /// <exception cref="SessionStoreUnavailableException">Whether it may be served cannot be told.</exception>
    public async ValueTask<bool> RefusesAsync(RequestId id = default)
    {
        if (((_exchanged ? (await _first).Refusal : Refusal(await _first)) ?? (_second is null ? null : Refusal(await _second))) is not { } refusal)
        {
            return false;
        }

        var remedy = refusal.Limit is nameof(LimitOptions.RequestRatePerOwner) or nameof(LimitOptions.RequestRatePerTenant)
            ? "Send fewer messages a second." : "Wait for one of the calls or streams to end.";
        await Reply.LimitReachedAsync(_context, _tally, _caller, id == default ? _id : id, refusal.Limit, refusal.Maximum, refusal.RetryAfter, remedy);
        return true;
    }

    /// <summary>Whether the host's handlers may run for a notification that came through without needing a place. Where there is none for them that is audited.</summary>
    public async ValueTask<bool> MayHandleAsync()
    {
        var refusal = _answer?.Refusal ?? (await _first).PlaceRefusal ?? (_second is null ? null : (await _second).PlaceRefusal);
        if (refusal is not null)
        {
            _tally.AddTold(_caller, refusal.Limit);
        }

        return refusal is null;
    }

    /// <summary>Answers a request whose body is too long to be anything but a call, if it has no place among the calls.</summary>
    /// <returns>Whether it was answered.</returns>
    public ValueTask<bool> RefusesLongBodyAsync()
    {
        _needsPlace = true;
        return RefusesAsync();
    }

    /// <summary>Keeps the places beyond the HTTP request, for a call that goes on without it.</summary>
    public IPlaces Keep()
    {
        _kept = true;
        return this;
    }

    public void Dispose()
    {
        if (!_kept)
        {
            Release();
        }
    }

    public void Release()
    {
        _ = ReleaseAsync(_first);
        if (_second is not null)
        {
            _ = ReleaseAsync(_second);
        }
    }

    private LimitRefusal? Refusal(Admission admission) => admission.Refusal ?? (_needsPlace ? (_exchanged ? null : _answer?.Refusal) ?? admission.PlaceRefusal : null);

    private Task<Admission> AdmitAsync(AdmissionRequest request)
    {
        var admitting = _admission.AdmitAsync(request, _context.RequestAborted);
        if (!admitting.IsCompletedSuccessfully)
        {
            return admitting.AsTask();
        }

        var admission = admitting.Result;
        return admission == default ? _free : Task.FromResult(admission);
    }

    private static Task ReleaseAsync(Task<Admission> admitting) => admitting == _free ? Task.CompletedTask : ReleaseHeldAsync(admitting);

    private static async Task ReleaseHeldAsync(Task<Admission> admitting)
    {
        try
        {
            (await admitting).Lease?.Dispose();
        }
        catch (Exception e) when (e is SessionStoreUnavailableException or OperationCanceledException)
        {
            // Nothing is held then.
        }
    }
}
