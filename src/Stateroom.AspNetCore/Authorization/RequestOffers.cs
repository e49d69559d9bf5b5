using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Finds what a request asks for. Reads the body as the SDK reads it, so that both see the same names however they are written; headers decide nothing.</summary>
internal static class RequestOffers
{
    public static IEnumerable<Offer> Of(JsonRpcRequest request, McpServerOptions server) => request.Method switch
    {
        RequestMethods.ToolsCall when Read<CallToolRequestParams>(request)?.Name is { } name => [Offer.Tool(name, server)],
        RequestMethods.PromptsGet when Read<GetPromptRequestParams>(request)?.Name is { } name => [Offer.Prompt(name, server)],
        RequestMethods.ResourcesRead when Read<ReadResourceRequestParams>(request)?.Uri is { } uri => [Offer.Resource(uri, server)],
        RequestMethods.ResourcesSubscribe when Read<SubscribeRequestParams>(request)?.Uri is { } uri => [Offer.Resource(uri, server)],
        RequestMethods.SubscriptionsListen when Read<SubscriptionsListenRequestParams>(request)?.Notifications?.ResourceSubscriptions is { } uris =>
            uris.Where(uri => uri is not null).Select(uri => Offer.Resource(uri, server)),
        RequestMethods.CompletionComplete when Of(Read<CompleteRequestParams>(request)?.Ref, server) is { } offer => [offer],
        _ => [],
    };

    /// <summary>What a completion is asked for.</summary>
    public static Offer? Of(Reference? reference, McpServerOptions server) => reference switch
    {
        PromptReference { Name: { } name } => Offer.Prompt(name, server),
        ResourceTemplateReference { Uri: { } uri } => Offer.Template(uri, server),
        _ => null,
    };

    private static T? Read<T>(JsonRpcRequest request)
        where T : class
    {
        try
        {
            return request.Params is JsonObject parameters ? parameters.Deserialize<T>(McpJsonUtilities.DefaultOptions) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            // The SDK will refuse it for the same reason.
            return null;
        }
    }
}
