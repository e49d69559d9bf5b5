using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The notifications that a list has changed.</summary>
internal static class ListChanged
{
    private static readonly byte[] Tools = Message(TopicKind.Tools);
    private static readonly byte[] Prompts = Message(TopicKind.Prompts);
    private static readonly byte[] Resources = Message(TopicKind.Resources);

    public static byte[] Of(Topic topic) => topic.Kind switch
    {
        TopicKind.Tools => Tools,
        TopicKind.Prompts => Prompts,
        _ => Resources,
    };

    private static byte[] Message(TopicKind kind) => JsonRpc.Serialize(new JsonRpcNotification { Method = TopicMethods.Of(kind) });
}
