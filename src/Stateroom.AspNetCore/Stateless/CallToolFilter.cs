using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Limits;
using Stateroom.Sessions;
using Stateroom.State;
using Result = ModelContextProtocol.Protocol.ResultOrAlternate<ModelContextProtocol.Protocol.CallToolResult>;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Brings a call of a tool and its session together: takes the handle out of the arguments, lets the call in, and puts the handle of a session that
/// the call opened on its result. It stands where the SDK has turned exceptions into tool errors already, so that no handle is lost with one.
/// </summary>
internal sealed class CallToolFilter(
    ISessionAccessor accessor,
    SessionDoor door,
    RetryFilter retries,
    SessionTools sessionTools,
    RefusalTally tally,
    AuditLog audit,
    RequestAccessor http,
    IOptions<SessionEndpointOptions> endpoint,
    IOptions<SessionOptions> sessions)
{
    private static readonly JsonTypeInfo<InputRequiredResult> _question =
        (JsonTypeInfo<InputRequiredResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InputRequiredResult));

    private readonly bool _mirrors = endpoint.Value.HandleHeader;
    private readonly TimeSpan _idleTimeout = sessions.Value.IdleTimeout;

    public async ValueTask<Result> InvokeAsync(
        RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, Result> next, CancellationToken cancellationToken)
    {
        if (accessor.Current is not { } context)
        {
            return await next(request, cancellationToken);
        }

        if (request.Services is RequestServices && http.Services is { } services)
        {
            // The same from whichever thread the tool asks, also when its request is over.
            request.Services = services;
        }

        try
        {
            if (request.MatchedPrimitive is null && !VisibilityFilters.IsHidden(request) && sessionTools.Find(request.Params?.Name, context) is { } own)
            {
                request.MatchedPrimitive = own;
                return await own.InvokeAsync(request, cancellationToken);
            }

            return await CallAsync(request, context, next, cancellationToken);
        }
        catch (Exception e) when (ToolErrors.Explain(e) is { } message)
        {
            tally.AddTold(context.Caller, e);
            return ToolErrors.Of(message);
        }
    }

    private async ValueTask<Result> CallAsync(
        RequestContext<CallToolRequestParams> request, SessionContext context, McpRequestHandler<CallToolRequestParams, Result> next, CancellationToken cancellationToken)
    {
        var state = await retries.OpenAsync(request, context, cancellationToken);
        if (!await TryEnterAsync(request, context, state, cancellationToken))
        {
            audit.Refused(context.Caller, new(RefusalKind.Session));
            return SessionHandle.NotFound();
        }

        Result result;
        try
        {
            result = await next(request, cancellationToken);
        }
        catch (InputRequiredException e)
        {
            throw new InputRequiredException(await SealAsync(e.Result));
        }

        return result switch
        {
            { Alternate: InputRequiredResult question } => Result.FromAlternate(await SealAsync(question), _question),
            { Result: { } answer } when IsNews() => SessionHandle.Announce(answer, context.Session!, _idleTimeout),
            _ => result,
        };

        // Only the call that ends tells the handle; until then it travels in the sealed state.
        bool IsNews() => context.Opened || state?.Session is not null;

        ValueTask<InputRequiredResult> SealAsync(InputRequiredResult question) => retries.SealAsync(question, request.JsonRpcRequest, context, IsNews(), cancellationToken);
    }

    /// <summary>Lets the call into the session that it names, if it names one.</summary>
    private ValueTask<bool> TryEnterAsync(
        RequestContext<CallToolRequestParams> request, SessionContext context, RequestState? state, CancellationToken cancellationToken)
    {
        var named = state?.Session is not null;
        var handle = state?.Session;
        if (context.Era == SessionEra.Stateless && request.MatchedPrimitive is McpServerTool tool && SessionUse.By(tool))
        {
            var given = SessionHandle.IsGiven(request.Params.Arguments, out var argument);
            if (_mirrors && !context.Caller.IsAnonymous && http.HttpContext is { } httpContext)
            {
                HandleHeaderCheck.Validate(httpContext.Request, given ? argument : null);
            }

            request.Params.Arguments?.Remove(SessionHandle.Argument);
            if (given && !named)
            {
                named = true;
                handle = SessionHandle.Read(argument);
            }
        }

        return named ? door.TryEnterAsync(context, handle, cancellationToken) : ValueTask.FromResult(true);
    }
}
