using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The notifications that a list has changed.</summary>
internal static class ListChanged
{
    private static readonly byte[] Tools = Message(NotificationMethods.ToolListChangedNotification);
    private static readonly byte[] Prompts = Message(NotificationMethods.PromptListChangedNotification);
    private static readonly byte[] Resources = Message(NotificationMethods.ResourceListChangedNotification);

    public static byte[] Of(Topic topic) => topic.Kind switch
    {
        TopicKind.Tools => Tools,
        TopicKind.Prompts => Prompts,
        _ => Resources,
    };

    private static byte[] Message(string method) => JsonRpc.Serialize(new JsonRpcNotification { Method = method });
}
