using System.Text.Json.Nodes;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Verify.Probes;

/// <summary>Two calls of two sessions that are both asked, and whose answers must not be mixed up.</summary>
/// <param name="run">The run.</param>
/// <param name="profile">The tool that asks.</param>
/// <param name="a">One session; its call is asked first.</param>
/// <param name="b">The other session.</param>
/// <param name="stolen">Whether the second session answers the first one's question before its owner does.</param>
/// <param name="firstAnswers">Whether the session that is asked first also answers first.</param>
internal sealed class CrossedCalls(EraRun run, QuestionProfile profile, IMcpSession a, IMcpSession b, bool stolen, bool firstAnswers)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<Question> _askedA = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Question> _askedB = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answerA = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answerB = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ToolCall _call = profile.Call();
    private readonly List<string> _lines = [];
    private IReadOnlyList<string> _choices = [];

    /// <summary>What was done and answered.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>How many questions were asked.</summary>
    public int Asked => (_askedA.Task.IsCompletedSuccessfully ? 1 : 0) + (_askedB.Task.IsCompletedSuccessfully ? 1 : 0);

    /// <summary>Whether both calls came to their ends, so that something can be said.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Makes the calls.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public async Task<string?> RunAsync(long requestId, CancellationToken cancellationToken)
    {
        var callA = a.CallAsync(_call, (q, _) => AnswerAsync(q, _askedA, _answerA, 0), requestId, cancellationToken);
        if (!await IsAskedAsync(callA, _askedA.Task))
        {
            return null;
        }

        var callB = b.CallAsync(_call, (q, _) => AnswerAsync(q, _askedB, _answerB, 1), requestId, cancellationToken);
        if (await IsAskedAsync(callB, _askedB.Task))
        {
            _choices = ChoicesOf(await _askedA.Task);
            if (stolen && await StealAsync(cancellationToken) is { } fault)
            {
                Release();
                return fault;
            }
        }

        (firstAnswers ? _answerA : _answerB).TrySetResult();
        await Task.WhenAny(firstAnswers ? callA : callB, Task.Delay(Pause, run.Clock.Time, cancellationToken));
        Release();
        return Judge(run.Count(await callA), run.Count(await callB));
    }

    private void Release()
    {
        _answerA.TrySetResult();
        _answerB.TrySetResult();
    }

    private async Task<JsonObject?> AnswerAsync(Question question, TaskCompletionSource<Question> asked, TaskCompletionSource turn, int choice)
    {
        var choices = ChoicesOf(question);
        asked.TrySetResult(question);
        await turn.Task;
        return choices.Count > choice ? Content(choices[choice]) : null;
    }

    /// <summary>The second session answers the question that the first was asked.</summary>
    private async Task<string?> StealAsync(CancellationToken cancellationToken)
    {
        // Where both were asked under one id, it would be the second session's own answer.
        if (_choices.Count < 3 || JsonNode.DeepEquals((await _askedA.Task).Id, (await _askedB.Task).Id))
        {
            return null;
        }

        var answer = run.Count(await b.AnswerAsync(_call, await _askedA.Task, Content(_choices[2]), cancellationToken));
        _lines.Add($"session 2 answers session 1's question with '{_choices[2]}': {answer.Describe()}");
        return run.Era is Era.Stateless && answer.IsOk && a.Token != b.Token ? "A question was answered by somebody who was not asked." : null;
    }

    private string? Judge(Answer answerA, Answer answerB)
    {
        if (_choices.Count < 2)
        {
            return null;
        }

        _lines.Add($"session 1 is asked and answers '{_choices[0]}': {Show(answerA)}");
        _lines.Add($"session 2 is asked and answers '{_choices[1]}': {Show(answerB)}");
        var (gotA, gotB) = (ChosenIn(answerA), ChosenIn(answerB));
        IsDecided = gotA >= 0 && gotB >= 0;
        return (gotA >= 0 && gotA != 0) || (gotB >= 0 && gotB != 1) ? "An answer reached the call of another session." : null;
    }

    private static async Task<bool> IsAskedAsync(Task call, Task asked) => await Task.WhenAny(call, asked) == asked;

    private JsonObject Content(string choice) => ToolProfile.Fill(profile.Answer, ("choice", choice)).AsObject();

    private IReadOnlyList<string> ChoicesOf(Question question) =>
        ResultPointer.Read(question.Parameters, profile.Choices) is JsonArray array ? [.. array.Select(c => c!.ToString())] : [];

    /// <summary>Which of the choices a result shows; -1 if none.</summary>
    private int ChosenIn(Answer answer) =>
        answer.IsOk && ResultPointer.ReadText(answer.Result, profile.Value!) is { Length: > 0 } value
            ? _choices.ToList().FindIndex(c => c.Contains(value, StringComparison.OrdinalIgnoreCase))
            : -1;

    private string Show(Answer answer) => ChosenIn(answer) is >= 0 and var chosen ? $"the result is that of '{_choices[chosen]}'" : answer.Describe();
}
