using System.Collections.Frozen;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>The requests of MCP that clients make.</summary>
internal static class KnownMethods
{
    private static readonly FrozenDictionary<string, string> _methods = new[]
    {
        RequestMethods.Initialize, RequestMethods.Ping, RequestMethods.LoggingSetLevel, RequestMethods.CompletionComplete, RequestMethods.ServerDiscover,
        RequestMethods.ToolsList, RequestMethods.ToolsCall, RequestMethods.PromptsList, RequestMethods.PromptsGet,
        RequestMethods.ResourcesList, RequestMethods.ResourcesRead, RequestMethods.ResourcesTemplatesList, RequestMethods.ResourcesSubscribe,
        RequestMethods.ResourcesUnsubscribe, RequestMethods.SubscriptionsListen,
    }.ToFrozenDictionary(method => method, StringComparer.Ordinal);

    /// <summary>The method's name; null if it is none of MCP's.</summary>
    public static string? Find(string method) => _methods.GetValueOrDefault(method);
}
