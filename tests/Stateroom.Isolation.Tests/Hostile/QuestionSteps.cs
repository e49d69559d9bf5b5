using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>Questions that are open in header sessions, and everybody who would like to answer, cancel or read them. Only their own session may.</summary>
internal sealed class QuestionSteps(World world) : IDisposable
{
    private const int MaxOpen = 6;

    private readonly List<Pending> _open = [];
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed record Pending(Room Room, string RequestId, HeldCall Call)
    {
        public string Stream => Call.Question.Id![..Call.Question.Id!.LastIndexOf('.')];
    }

    public async Task AskAsync()
    {
        if (_open.Count >= MaxOpen || world.AnyRoom(room => room is { Alive: true, IsHandle: false }) is not { } room)
        {
            return;
        }

        var id = $"\"q{++_asked}-{room.Owner.Marker}\"";
        world.Journal.Note($"{room.Owner} asks question {_asked} in {room}", room);
        var call = await HeldCall.StartAsync(world.Client(room.Owner, world.AnyInstance(), room.Id), "get_current_weather", Rooms.AmbiguousCity, id);
        world.MaySee(room.Owner, call.Question.Data);
        _open.Add(new Pending(room, id, call));
    }

    public async Task AnswerAsync()
    {
        if (Pick() is not var (pending, actor, room))
        {
            return;
        }

        world.Journal.Note($"{actor} answers {pending.RequestId} of {pending.Room} in {room}", pending.Room, room);
        var choice = pending.Call.Choice(world.Random.Next(3));
        var answer = await SendAsync(actor, room, client => client.SendAsync(HttpMethod.Post, pending.Call.Answer(choice, "city")));
        if (answer && room == pending.Room)
        {
            var result = await pending.Call.ReadTextAsync();
            world.MaySee(actor, result);
            Assert.Contains(choice.Split(", ")[1], result, StringComparison.Ordinal);
            room.Calls++;
            Close(pending);
        }
    }

    public async Task CancelAsync()
    {
        if (Pick() is not var (pending, actor, room))
        {
            return;
        }

        world.Journal.Note($"{actor} cancels {pending.RequestId} of {pending.Room} in {room}", pending.Room, room);
        var body = $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{pending.RequestId}}}}}""";
        if (await SendAsync(actor, room, client => client.SendAsync(HttpMethod.Post, body)) && room == pending.Room)
        {
            await EndsWithoutResultAsync(pending);
        }
    }

    public async Task ResumeAsync()
    {
        if (Pick() is not var (pending, actor, room))
        {
            return;
        }

        var instance = world.AnyInstance();
        world.Journal.Note($"{actor} resumes the stream of {pending.RequestId} of {pending.Room} in {room}", pending.Room, room);
        if (room == pending.Room && actor == room.Owner)
        {
            using var stream = await world.Client(actor, instance, room.Id).StreamAsync(HttpMethod.Get, lastEventId: $"{pending.Stream}.0");
            Assert.Equal(pending.Call.Question.Data, (await stream.ReadMessageAsync(Token)).Data);
            return;
        }

        var never = await world.SendAsync(actor, instance, room.Id, client => client.SendAsync(HttpMethod.Get, (string?)null, $"{Servers.Never}.AAAAAAAA.0"));
        Assert.Equal(room.Alive && room.Owner == actor ? HttpStatusCode.BadRequest : HttpStatusCode.NotFound, never.Status);
        Assert.Equal(never, await world.SendAsync(actor, instance, room.Id, client => client.SendAsync(HttpMethod.Get, (string?)null, $"{pending.Stream}.0")));
    }

    /// <summary>The calls of sessions that have ended give nothing more.</summary>
    public async Task AfterEndAsync()
    {
        foreach (var pending in _open.Where(pending => !pending.Room.Alive).ToArray())
        {
            await EndsWithoutResultAsync(pending);
        }
    }

    public void Dispose()
    {
        foreach (var pending in _open)
        {
            pending.Call.Dispose();
        }
    }

    /// <summary>A question, somebody, and the header session that it tries with: half of the time the right one.</summary>
    private (Pending, Actor, Room)? Pick()
    {
        if (_open.Count == 0)
        {
            return null;
        }

        var pending = world.Any(_open);
        return world.Random.Next(2) == 0
            ? (pending, pending.Room.Owner, pending.Room)
            : (pending, world.Any(world.Known), world.AnyRoom(room => !room.IsHandle)!);
    }

    /// <returns>Whether the session was the actor's own.</returns>
    private async Task<bool> SendAsync(Actor actor, Room room, Func<RawClient, Task<HttpResponseMessage>> send)
    {
        var instance = world.AnyInstance();
        var own = room.Alive && room.Owner == actor;
        var answer = await world.SendAsync(actor, instance, room.Id, send);
        Assert.Equal(own ? HttpStatusCode.Accepted : HttpStatusCode.NotFound, answer.Status);
        if (!own)
        {
            Assert.Equal(answer, await world.SendAsync(actor, instance, Servers.Never, send));
        }

        return own;
    }

    private async Task EndsWithoutResultAsync(Pending pending)
    {
        while (await pending.Call.Stream.ReadAsync(Token) is { } rest)
        {
            world.MaySee(pending.Room.Owner, rest.Data);
            Assert.DoesNotContain("\"result\"", rest.Data, StringComparison.Ordinal);
        }

        Close(pending);
    }

    private void Close(Pending pending)
    {
        pending.Call.Dispose();
        _open.Remove(pending);
    }
}
