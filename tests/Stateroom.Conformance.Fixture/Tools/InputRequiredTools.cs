using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Conformance.Fixture.Tools;

/// <summary>
/// Tools that ask by ending: the client answers with a retry. What they hand along as request state is plain,
/// for it is Stateroom that seals it and refuses what was altered.
/// </summary>
public sealed class InputRequiredTools
{
    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks the user's name")]
    public static string Elicit(RequestContext<CallToolRequestParams> request) =>
        Questions.FindText(request.Params.InputResponses, "user_name", "name") is { } name
            ? $"Hello, {name}!"
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["user_name"] = Questions.Text("What is your name?", "name") });

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks the client's model")]
    public static string Sample(RequestContext<CallToolRequestParams> request)
    {
        if (Answer(request, "capital_question") is not { } answer)
        {
            throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["capital_question"] = Questions.Sample("What is the capital of France?") });
        }

        var message = answer.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo);
        return $"The model said: {message?.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots")]
    public static string ListRoots(RequestContext<CallToolRequestParams> request) =>
        Answer(request, "client_roots") is { } answer
            ? $"The client has {answer.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)?.Roots.Count ?? 0} roots."
            : throw new InputRequiredException(new Dictionary<string, InputRequest> { ["client_roots"] = Questions.Roots() });

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Hands request state along")]
    public static string HandAlong(RequestContext<CallToolRequestParams> request) => Confirm(request, "asked", "state-ok");

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("Hands request state along that must come back as it was")]
    public static string HandAlongSealed(RequestContext<CallToolRequestParams> request) => Confirm(request, "asked once", "state came back as it was");

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks three things at once")]
    public static string AskThree(RequestContext<CallToolRequestParams> request)
    {
        var questions = new Dictionary<string, InputRequest>
        {
            ["user_name"] = Questions.Text("What is your name?", "name"),
            ["greeting"] = Questions.Sample("Generate a greeting"),
            ["client_roots"] = Questions.Roots(),
        };
        return questions.Keys.All(question => Answer(request, question) is not null)
            ? "Three answers came."
            : throw new InputRequiredException(questions, "asked three");
    }

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks one thing after another")]
    public static string AskTwice(RequestContext<CallToolRequestParams> request)
    {
        // The first answer travels in the state of the second round.
        var state = request.Params.RequestState;
        if (state is null or "name" && Questions.FindText(request.Params.InputResponses, "step1", "name") is null)
        {
            throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["step1"] = Questions.Text("Step 1: What is your name?", "name") }, "name");
        }

        var name = state is "name" ? Questions.FindText(request.Params.InputResponses, "step1", "name") : state;
        return Questions.FindText(request.Params.InputResponses, "step2", "color") is { } color
            ? $"{name} likes {color}."
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["step2"] = Questions.Text("Step 2: What is your favorite color?", "color") }, name);
    }

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks what the client said it can answer")]
    public static string AskWhatIsPossible(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params.InputResponses is { Count: > 0 })
        {
            return "Answers came.";
        }

        var client = request.JsonRpcRequest.Context?.ClientCapabilities ?? request.Server.ClientCapabilities;
        var questions = new Dictionary<string, InputRequest>();
        if (client?.Sampling is not null)
        {
            questions["greeting"] = Questions.Sample("Generate a greeting");
        }

        if (client?.Elicitation is not null)
        {
            questions["user_name"] = Questions.Text("What is your name?", "name");
        }

        if (client?.Roots is not null)
        {
            questions["client_roots"] = Questions.Roots();
        }

        return questions.Count > 0 ? throw new InputRequiredException(questions) : "This client can answer nothing.";
    }

    private static string Confirm(RequestContext<CallToolRequestParams> request, string state, string result) =>
        request.Params.RequestState switch
        {
            null => throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["confirm"] = Questions.YesOrNo("Please confirm", "ok") }, state),
            var returned when returned == state => result,
            _ => "Another state came back.",
        };

    private static InputResponse? Answer(RequestContext<CallToolRequestParams> request, string question) =>
        request.Params.InputResponses?.TryGetValue(question, out var answer) is true ? answer : null;
}
