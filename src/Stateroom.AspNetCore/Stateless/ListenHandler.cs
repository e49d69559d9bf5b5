using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Limits;
using Stateroom.Messaging;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Serves <c>subscriptions/listen</c>: MCP 2026-07-28, Subscriptions. What is told comes over the backplane, so the change may happen at any instance.</summary>
internal sealed class ListenHandler(
    Listeners listeners, ISessionAccessor accessor, RequestAccessor http, FeatureGate gate, VisibilityFilters filters, RefusalTally tally, IHostApplicationLifetime lifetime)
{
    public async ValueTask<EmptyResult> HandleAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var caller = accessor.Current?.Caller ?? Caller.Anonymous;
        var (granted, wanted) = ListenGrant.Of(request.Params?.Notifications ?? new(), request.Server.ServerOptions);
        var topics = await VisibleAsync(request, wanted, cancellationToken);
        var queue = new TopicQueue();
        using var listening = listeners.TryAdd(caller, topics, queue);
        if (listening is null)
        {
            tally.AddTold(caller, Listeners.Limit);
            throw new McpProtocolException(
                $"You have {listeners.MaximumFor(caller)} streams of subscriptions/listen open, as many as are served. Close one, or listen for everything in one stream.",
                McpErrorCode.InvalidRequest);
        }

        await SendAsync(
            request,
            NotificationMethods.SubscriptionsAcknowledgedNotification,
            new JsonObject { ["notifications"] = JsonSerializer.SerializeToNode(granted, McpJsonUtilities.DefaultOptions) },
            cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, lifetime.ApplicationStopping, CredentialLifetime.ExpiryOf(http.HttpContext));
        try
        {
            while (true)
            {
                var topic = await queue.TakeAsync(stop.Token);
                await SendAsync(request, TopicMethods.Of(topic.Kind), topic.Uri is { } uri ? new JsonObject { ["uri"] = uri } : [], stop.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The host stops, or the credential has expired: MCP 2026-07-28, Subscriptions, Graceful Closure.
            return new EmptyResult { Meta = MetaOf(request) };
        }
    }

    /// <summary>Grants what is hidden like what does not exist: nothing is ever told of it.</summary>
    private async ValueTask<IReadOnlySet<Topic>> VisibleAsync(
        RequestContext<SubscriptionsListenRequestParams> request, IReadOnlySet<Topic> wanted, CancellationToken cancellationToken)
    {
        var visible = new HashSet<Topic>();
        var viewer = filters.ViewerOf(request);
        foreach (var topic in wanted)
        {
            if (topic.Uri is not { } uri || await gate.IsVisibleAsync(Offer.Resource(uri, request.Server.ServerOptions), viewer, cancellationToken))
            {
                visible.Add(topic);
            }
        }

        return visible;
    }

    private static Task SendAsync(
        RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        parameters["_meta"] = MetaOf(request);
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellationToken);
    }

    private static JsonObject MetaOf(RequestContext<SubscriptionsListenRequestParams> request) => new()
    {
        [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions),
    };
}
