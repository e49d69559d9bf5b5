namespace Stateroom.Messaging;

/// <summary>The MCP notifications that tell of topics; both eras know them by the same names.</summary>
internal static class TopicMethods
{
    public static string Of(TopicKind kind) => kind switch
    {
        TopicKind.Tools => "notifications/tools/list_changed",
        TopicKind.Prompts => "notifications/prompts/list_changed",
        TopicKind.Resources => "notifications/resources/list_changed",
        _ => "notifications/resources/updated",
    };
}
