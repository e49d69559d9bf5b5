using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>Puts the server's questions to the user. Where nobody sits at the console, the first choice is taken.</summary>
internal static class Questions
{
    public static async ValueTask<ElicitResult> AnswerAsync(ElicitRequestParams? question, CancellationToken cancellationToken)
    {
        if (question?.RequestedSchema is not { } schema)
        {
            return new() { Action = "decline" };
        }

        Console.WriteLine(question.Message);
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

        if (Console.IsInputRedirected)
        {
            Console.WriteLine("  (The first is taken.)");
            return choices[0];
        }

        Console.Write("Number, or nothing to decline: ");
        var line = await ConsoleInput.ReadLineAsync(cancellationToken);
        return int.TryParse(line, out var number) && number >= 1 && number <= choices.Count ? choices[number - 1] : null;
    }
}
