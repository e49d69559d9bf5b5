using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Limits;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Seals and opens the state of questions that handlers ask the user, in both eras: the SDK turns them into requests for handshake-era clients and calls again through the same filters.</summary>
internal sealed class RetryFilter(ISessionAccessor accessor, SessionDoor door, RequestStateProtector protector, RefusalTally tally, AuditLog audit)
{
    /// <summary>For prompts and resources; calls of tools have a filter of their own.</summary>
    public McpRequestHandler<TParams, TResult> Wrap<TParams, TResult>(McpRequestHandler<TParams, TResult> next)
        where TParams : RequestParams =>
        async (request, cancellationToken) =>
        {
            if (accessor.Current is not { } context)
            {
                return await next(request, cancellationToken);
            }

            try
            {
                return await RunAsync(request, context, next, cancellationToken);
            }
            catch (Exception e) when (ToolErrors.Explain(e) is { } message)
            {
                tally.AddTold(context.Caller, e);
                throw new McpException(message, e);
            }
        };

    private async ValueTask<TResult> RunAsync<TParams, TResult>(
        RequestContext<TParams> request, SessionContext context, McpRequestHandler<TParams, TResult> next, CancellationToken cancellationToken)
        where TParams : RequestParams
    {
        var state = await OpenAsync(request, context, cancellationToken);
        if (state?.Session is { } session && !await door.TryEnterAsync(context, session, cancellationToken))
        {
            Audit(context);
            throw RequestStateProtector.Refused();
        }

        try
        {
            return await next(request, cancellationToken);
        }
        catch (InputRequiredException e)
        {
            throw new InputRequiredException(await SealAsync(e.Result, request.JsonRpcRequest, context, context.Opened || state?.Session is not null, cancellationToken));
        }
    }

    /// <summary>Opens the state that a retry brings, and leaves the handler's own in its place.</summary>
    /// <returns>The state; null where the request brings none.</returns>
    /// <remarks>
    /// Answers without a state are let through, as the conformance suite sends them: the client is who answers anyhow, and a handler that relies on
    /// what it knew when it asked finds no state then.
    /// </remarks>
    /// <exception cref="McpProtocolException">The state does not serve this request.</exception>
    public async ValueTask<RequestState?> OpenAsync<TParams>(RequestContext<TParams> request, SessionContext context, CancellationToken cancellationToken)
        where TParams : RequestParams
    {
        if (request.Params?.RequestState is not { } text)
        {
            return null;
        }

        try
        {
            var state = await protector.OpenAsync(text, request.JsonRpcRequest, context, cancellationToken);
            request.Params.RequestState = state.Inner;
            return state;
        }
        catch (McpProtocolException)
        {
            Audit(context);
            throw;
        }
    }

    /// <summary>The question with its state sealed. The original may be shared between calls: it is left alone.</summary>
    /// <param name="question">What the handler asks.</param>
    /// <param name="request">The request during which it asks.</param>
    /// <param name="context">The session of the call.</param>
    /// <param name="carriesSession">Whether the client does not know the session's handle yet, so that it travels in the state.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<InputRequiredResult> SealAsync(
        InputRequiredResult question, JsonRpcRequest request, SessionContext context, bool carriesSession, CancellationToken cancellationToken) => new()
        {
            InputRequests = question.InputRequests,
            Meta = question.Meta,
            RequestState = await protector.SealAsync(
                new(carriesSession ? context.Session?.Key.Id : null, question.RequestState), request, context, cancellationToken),
        };

    private void Audit(SessionContext context) => audit.Refused(context.Caller, new(RefusalKind.RequestState));
}
