using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Decides what of a client's wishes the server can fulfil.</summary>
internal static class ListenGrant
{
    /// <summary>How many resources one stream may listen for; further ones are not granted, and the acknowledgement says so by leaving them out.</summary>
    public const int MaxResources = 256;

    public static (SubscriptionsListenNotifications Granted, IReadOnlySet<Topic> Topics) Of(SubscriptionsListenNotifications wanted, McpServerOptions server)
    {
        var topics = new HashSet<Topic>();
        var resources = wanted.ResourceSubscriptions?.Where(uri => uri is not null).Distinct(StringComparer.Ordinal).Take(MaxResources).ToList();
        var granted = new SubscriptionsListenNotifications
        {
            ToolsListChanged = Grant(wanted.ToolsListChanged, server.ToolCollection is not null || server.Capabilities?.Tools?.ListChanged is true, TopicKind.Tools),
            PromptsListChanged = Grant(wanted.PromptsListChanged, server.PromptCollection is not null || server.Capabilities?.Prompts?.ListChanged is true, TopicKind.Prompts),
            ResourcesListChanged = Grant(wanted.ResourcesListChanged, server.ResourceCollection is not null || server.Capabilities?.Resources?.ListChanged is true, TopicKind.Resources),
            ResourceSubscriptions = resources is { Count: > 0 } && server.Capabilities?.Resources?.Subscribe is true ? resources : null,
        };
        topics.UnionWith(granted.ResourceSubscriptions?.Select(uri => new Topic(TopicKind.Resource, uri)) ?? []);
        return (granted, topics);

        bool? Grant(bool? wish, bool possible, TopicKind kind)
        {
            if (wish is not true || !possible)
            {
                return null;
            }

            topics.Add(new Topic(kind));
            return true;
        }
    }
}
