using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Tests.Stateless;

[McpServerPromptType]
public sealed class CounterPrompts
{
    [McpServerPrompt(Name = "ask_prompt")]
    public static string Ask(string topic, RequestContext<GetPromptRequestParams> request) =>
        request.Params.InputResponses is not null ? $"{topic} {request.Params.RequestState}" : throw CounterTools.Question("who", "inner");
}

[McpServerResourceType]
public sealed class CounterResources
{
    [McpServerResource(UriTemplate = "counter://{name}", Name = "counter")]
    public static string Read(string name, RequestContext<ReadResourceRequestParams> request) =>
        request.Params.InputResponses is not null ? $"{name} {request.Params.RequestState}" : throw CounterTools.Question("who", "inner");
}
