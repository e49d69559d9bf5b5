using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify.Histories;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Verify.Workload;

/// <summary>The operations of the profile on one session. Each notes what it saw.</summary>
internal sealed class SessionOperations(EraRun run, IMcpSession session, int number)
{
    /// <summary>Few, so that operations on one of them meet.</summary>
    private static readonly string[] _keys = ["home", "work", "sea"];

    private readonly Profile _profile = run.Profile;

    /// <summary>Whether the server said that there is no such session.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Something at random, reads and writes about equally often.</summary>
    public Task AnyAsync(Random random, CancellationToken cancellationToken)
    {
        var possible = Possible().ToList();
        var drawn = random.Next(possible.Sum(p => p.Weight));
        return possible.First(p => (drawn -= p.Weight) < 0).Run(random, cancellationToken);
    }

    /// <summary>One write of each kind, all at the same time.</summary>
    public Task WriteAllAsync(Random random, CancellationToken cancellationToken) =>
        Task.WhenAll(Possible().Where(p => p.Writes).Select(p => p.Run(random, cancellationToken)));

    /// <summary>One read of each kind.</summary>
    public Task ReadAllAsync(Random random, CancellationToken cancellationToken) =>
        Task.WhenAll(Possible().Where(p => !p.Writes).Select(p => p.Run(random, cancellationToken)));

    private IEnumerable<(int Weight, bool Writes, Func<Random, CancellationToken, Task> Run)> Possible()
    {
        if (_profile.Counter is { } counter)
        {
            yield return (4, true, (_, ct) => WriteAsync("counter", OperationKind.Add, counter.Increment.Call(), null, counter.Increment.Value, ct));
            if (counter.Read is { } read)
            {
                yield return (2, false, (_, ct) => ReadAsync("counter", read, ct));
            }
        }

        if (_profile.Choice is { } choice)
        {
            yield return (2, true, (random, ct) => SetAsync(choice, choice.Values[random.Next(choice.Values.Count)], ct));
            yield return (2, false, (_, ct) => ReadAsync("choice", choice.Read, ct));
        }

        if (_profile.Places is { } places)
        {
            yield return (3, true, (random, ct) => SaveAsync(places, _keys[random.Next(_keys.Length)], ct));
            yield return (3, false, (_, ct) => ListAsync(places.List, ct));
            if (places.Forget is { } forget)
            {
                yield return (1, true, (random, ct) => ForgetAsync(forget, _keys[random.Next(_keys.Length)], ct));
            }
        }
    }

    private Task SetAsync(ChoiceProfile choice, string value, CancellationToken cancellationToken) =>
        WriteAsync("choice", OperationKind.Write, choice.Write.Call(("value", value)), value, null, cancellationToken);

    private Task SaveAsync(PlacesProfile places, string key, CancellationToken cancellationToken)
    {
        var marker = run.Markers.Next(number);
        return WriteAsync($"place {key}", OperationKind.Write, places.Save.Call(("key", key), ("value", marker)), marker, null, cancellationToken);
    }

    private Task ForgetAsync(ToolProfile forget, string key, CancellationToken cancellationToken) =>
        WriteAsync($"place {key}", OperationKind.Write, forget.Call(("key", key)), null, null, cancellationToken);

    private async Task WriteAsync(string name, OperationKind kind, ToolCall call, string? value, string? pointer, CancellationToken cancellationToken)
    {
        var (answer, start, end) = await CallAsync(call, cancellationToken);
        var told = pointer is not null && answer.IsOk ? ResultPointer.ReadText(answer.Result, pointer) : value;
        run.History.Operations.Enqueue(new(number, name, kind, told, OutcomeOf(answer), start, end));
    }

    private async Task ReadAsync(string name, ToolProfile read, CancellationToken cancellationToken)
    {
        var (answer, start, end) = await CallAsync(read.Call(), cancellationToken);
        if (answer.IsOk)
        {
            run.History.Operations.Enqueue(new(number, name, OperationKind.Read, ResultPointer.ReadText(answer.Result, read.Value!), Outcome.Ok, start, end));
        }
    }

    /// <summary>A list reads every key at once.</summary>
    private async Task ListAsync(ListProfile list, CancellationToken cancellationToken)
    {
        var (answer, start, end) = await CallAsync(list.Call(), cancellationToken);
        if (!answer.IsOk)
        {
            return;
        }

        var items = ResultPointer.Read(answer.Result, list.Items) as System.Text.Json.Nodes.JsonArray ?? [];
        foreach (var key in _keys)
        {
            var item = items.FirstOrDefault(i => ResultPointer.ReadText(i, list.Key) == key);
            var value = item is null ? null : ResultPointer.ReadText(item, list.Value!);
            run.History.Operations.Enqueue(new(number, $"place {key}", OperationKind.Read, value, Outcome.Ok, start, end));
        }
    }

    private async Task<(Answer Answer, long Start, long End)> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var start = run.Clock.Now;
            var answer = run.Count(await session.CallAsync(call, null, null, cancellationToken));
            var end = run.Clock.Now;
            if (answer.IsBusy)
            {
                // It was refused before it did anything.
                await run.PauseAsync(answer, cancellationToken);
                continue;
            }

            if (answer.IsPassing)
            {
                // The server is away: calling on at once would only add operations that nobody knows the outcome of.
                await run.PauseAsync(answer, cancellationToken);
            }

            IsGone |= run.Sessions.IsGone(answer);
            run.History.CountLook();
            if (run.Markers.FindForeign(answer.Body, number) is { } foreign)
            {
                run.History.Crossings.Enqueue(new(number, call.Tool, start, end, $"holds {foreign}", true, "a marker that another session wrote"));
            }

            return (answer, start, end);
        }
    }

    /// <summary>A refusal has no effect. Any other error may: it can come after the write.</summary>
    private Outcome OutcomeOf(Answer answer) =>
        answer.IsOk ? Outcome.Ok : answer.IsRefused || run.Sessions.IsGone(answer) ? Outcome.Failed : Outcome.Unknown;
}
