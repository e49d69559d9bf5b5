using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>Puts the server's questions to the user, one at a time. Where the input has ended and nobody can answer, the first choice is taken.</summary>
internal static class Questions
{
    private static readonly SemaphoreSlim _turn = new(1, 1);

    public static async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken cancellationToken)
    {
        if (question?.RequestedSchema is not { } schema)
        {
            return new() { Action = "decline" };
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(question.Message, schema, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<ElicitResult> AskAsync(string message, ElicitRequestParams.RequestSchema schema, CancellationToken cancellationToken)
    {
        Console.WriteLine(message);
        var answers = new Dictionary<string, JsonElement>();
        foreach (var (name, field) in schema.Properties)
        {
            if (field is not ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum: [_, ..] choices }
                || await ChooseAsync(choices, cancellationToken) is not { } choice)
            {
                return new() { Action = "decline" };
            }

            answers[name] = JsonSerializer.SerializeToElement(choice);
        }

        return new() { Action = "accept", Content = answers };
    }

    private static async Task<string?> ChooseAsync(IList<string> choices, CancellationToken cancellationToken)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            Console.WriteLine($"  {i + 1}  {choices[i]}");
        }

        Console.WriteLine("Number, or nothing to decline:");
        if (await ConsoleInput.ReadLineAsync(cancellationToken) is not { } line)
        {
            Console.WriteLine("  (The first is taken.)");
            return choices[0];
        }

        return int.TryParse(line, out var number) && number >= 1 && number <= choices.Count ? choices[number - 1] : null;
    }
}
