using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Stateroom.Limits;
using Stateroom.Tenancy;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.AspNetCore.Limits;

/// <summary>Has every request counted that comes from a known caller, before anything is read or looked up for it.</summary>
internal sealed class AdmissionGate(
    IAdmission admission, RefusalTally tally, IOptions<SessionOptions> sessions, IOptions<LimitOptions> limits, IOptions<SessionEndpointOptions> endpoint)
{
    private readonly LimitTable _limits = new(sessions.Value, limits.Value);
    private readonly AnswersUnderWay _answers = new();

    /// <summary>Counts a POST until its answer is out; null where nothing is counted. Other requests are streams, or over at once.</summary>
    public AnswersUnderWay.Answer? Enter(HttpContext context, Caller caller) => HttpMethods.IsPost(context.Request.Method) ? _answers.Begin(caller, _limits.Of(caller.Tenant)) : null;

    /// <summary>Begins to ask whether a request may be served. The answer is waited for where it is needed.</summary>
    public RequestAdmission Begin(HttpContext context, Caller caller, AnswersUnderWay.Answer? answer) => new(admission, tally, context, caller, answer);

    /// <summary>How large a body of this caller may be.</summary>
    public long MaxBodyBytes(Caller caller) => _limits.Of(caller.Tenant).MaxBodyBytes ?? endpoint.Value.MaxBodyBytes;
}
