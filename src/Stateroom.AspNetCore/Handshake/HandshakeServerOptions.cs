using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Direct;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// The host's <see cref="McpServerOptions"/> as the handshake era needs them: its own handlers for what must outlive the server object.
/// The host's instance is shared with the stateless era and is never changed.
/// </summary>
internal sealed class HandshakeServerOptions
{
    private readonly Lazy<McpServerOptions> _template;
    private readonly ISessionOutbox _outbox;
    private readonly ISessionAccessor _accessor;
    private readonly RememberedLogLevel _logLevel;
    private readonly RefusalTally _tally;
    private readonly SessionOptions _sessions;

    public HandshakeServerOptions(
        IOptions<McpServerOptions> options, ISessionOutbox outbox, ISessionAccessor accessor, RememberedLogLevel logLevel, RefusalTally tally, IOptions<SessionOptions> sessions)
    {
        _tally = tally;
        _sessions = sessions.Value;
        _outbox = outbox;
        _accessor = accessor;
        _logLevel = logLevel;
        _template = new(() => CreateTemplate(options.Value));
    }

    /// <summary>Whether the host wants to hear of clients' notifications; without it no server is raised for them.</summary>
    public bool HandlesNotifications => _template.Value.Handlers.NotificationHandlers is not null || _template.Value.Filters.Message.IncomingFilters.Count > 0;

    /// <summary>
    /// Whether a call of a tool is its filters and the tool, and nothing besides: a host's own handler for all that tools may answer, and its filters of messages, are run
    /// by a server of the SDK.
    /// </summary>
    public bool IsCallFilteredOnly => _template.Value is
    {
        ToolCollection: not null,
        Handlers.CallToolWithAlternateHandler: null,
        Filters.Message: { IncomingFilters.Count: 0, OutgoingFilters.Count: 0 },
    };

    /// <summary>What <see cref="For"/> copies for each kind of client.</summary>
    public McpServerOptions Template => _template.Value;

    /// <summary>What clients may be told of: the kinds of lists that this server has.</summary>
    public IEnumerable<Topic> ListTopics
    {
        get
        {
            var options = _template.Value;
            if (options.ToolCollection is not null || options.Handlers.ListToolsHandler is not null)
            {
                yield return new Topic(TopicKind.Tools);
            }

            if (options.PromptCollection is not null || options.Handlers.ListPromptsHandler is not null)
            {
                yield return new Topic(TopicKind.Prompts);
            }

            if (options.HasResources())
            {
                yield return new Topic(TopicKind.Resources);
            }
        }
    }

    /// <summary>Options for a server that is raised for one client.</summary>
    public McpServerOptions For(ClientProfile? client)
    {
        var options = ServerOptionsCopy.Of(_template.Value);
        options.KnownClientInfo = client?.Info;
        options.KnownClientCapabilities = client?.Capabilities;
        return options;
    }

    private McpServerOptions CreateTemplate(McpServerOptions host)
    {
        var options = ServerOptionsCopy.Of(host);
        options.ScopeRequests = true;
        options.ProtocolVersion = host.ProtocolVersion is { } version && ProtocolVersions.IsHandshake(version) ? version : null;
        options.Filters = FiltersOf(host.Filters);
        options.Handlers = ServerOptionsCopy.Of(host.Handlers);
        options.Handlers.SetLoggingLevelHandler = RememberLogLevel(host.Handlers.SetLoggingLevelHandler);
        if (host.HasResources())
        {
            options.Capabilities = WithSubscribe(host.Capabilities);
            options.Handlers.SubscribeToResourcesHandler = Subscribe(host.Handlers.SubscribeToResourcesHandler);
            options.Handlers.UnsubscribeFromResourcesHandler = Unsubscribe(host.Handlers.UnsubscribeFromResourcesHandler);
        }

        return options;
    }

    private McpRequestHandler<SetLevelRequestParams, EmptyResult> RememberLogLevel(McpRequestHandler<SetLevelRequestParams, EmptyResult>? next) =>
        async (request, cancellationToken) =>
        {
            if (request.JsonRpcRequest.Context?.RelatedTransport is null)
            {
                // Not a client's request: a server that was just raised is told what its session remembers.
                return new EmptyResult();
            }

            if (request.Params is null)
            {
                throw new McpProtocolException("The params name the level.", McpErrorCode.InvalidParams);
            }

            var result = next is null ? new EmptyResult() : await next(request, cancellationToken);
            await _logLevel.SetAsync(request.Params.Level, cancellationToken);
            return result;
        };

    private McpRequestHandler<SubscribeRequestParams, EmptyResult> Subscribe(McpRequestHandler<SubscribeRequestParams, EmptyResult>? next) =>
        async (request, cancellationToken) =>
        {
            var topic = TopicOf(request.Params?.Uri);
            if (_accessor.Current?.Session is not { Key: var session })
            {
                return next is null ? new EmptyResult() : await next(request, cancellationToken);
            }

            // Before the host's handler, which need not undo what the limit forbids.
            if (!await _outbox.SubscribeAsync(session, topic, cancellationToken))
            {
                _tally.AddTold(_accessor.Current.Caller, nameof(SessionOptions.MaxSubscriptions));
                throw new McpProtocolException(
                    $"This session is subscribed to as many resources as {nameof(SessionOptions.MaxSubscriptions)} allows ({_sessions.MaxSubscriptions}). Unsubscribe from one first.",
                    McpErrorCode.InvalidParams);
            }

            try
            {
                return next is null ? new EmptyResult() : await next(request, cancellationToken);
            }
            catch
            {
                await _outbox.UnsubscribeAsync(session, topic, CancellationToken.None);
                throw;
            }
        };

    private McpRequestHandler<UnsubscribeRequestParams, EmptyResult> Unsubscribe(McpRequestHandler<UnsubscribeRequestParams, EmptyResult>? next) =>
        async (request, cancellationToken) =>
        {
            var topic = TopicOf(request.Params?.Uri);
            var result = next is null ? new EmptyResult() : await next(request, cancellationToken);
            if (_accessor.Current?.Session is { } session)
            {
                await _outbox.UnsubscribeAsync(session.Key, topic, cancellationToken);
            }

            return result;
        };

    private static Topic TopicOf(string? uri) => uri is { Length: > 0 and <= 2048 }
        ? new Topic(TopicKind.Resource, uri)
        : throw new McpProtocolException("A subscription names a resource by its uri, 1 to 2048 characters.", McpErrorCode.InvalidParams);

    /// <summary>What the stateless era's filter of answers does for a call, the exchange does here; without any filter the SDK passes each message on by a shorter way.</summary>
    internal static McpServerFilters FiltersOf(McpServerFilters host) => new()
    {
        Message = new()
        {
            IncomingFilters = host.Message.IncomingFilters,
            OutgoingFilters = [.. host.Message.OutgoingFilters.Where(filter => filter.Target is not AnswerFilter)],
        },
        Request = Takeover.FiltersWith(host.Request),
    };

    internal static ServerCapabilities WithSubscribe(ServerCapabilities? host) => new()
    {
        Completions = host?.Completions,
        Experimental = host?.Experimental,
        Extensions = host?.Extensions,
        Logging = host?.Logging,
        Prompts = host?.Prompts,
        Resources = new ResourcesCapability { ListChanged = host?.Resources?.ListChanged, Subscribe = true },
        Tools = host?.Tools,
    };
}
