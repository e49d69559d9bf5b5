using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Administration;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Sessions;

/// <summary>Sequences of operations, drawn at random, come out of the store as out of the model. A failure prints its seed and its shortest sequence.</summary>
public sealed class SessionStorePropertyTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private static readonly Caller[] Callers =
    [
        new(new TenantId("acme"), "alice"), new(new TenantId("acme"), "bob"), new(new TenantId("globex"), "alice"),
        Caller.Anonymous, new(Caller.Anonymous.Tenant, Caller.Anonymous.Owner),
    ];

    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1), Idle / 2, Idle - TimeSpan.FromTicks(1), Idle];

    private enum Kind
    {
        Create,
        Touch,
        Write,
        Remove,
        End,
        List,
        Count,
        Advance,
        Sweep,
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="Caller">By whom.</param>
    /// <param name="Era">In which era.</param>
    /// <param name="Session">To which of the sessions opened so far; the last one is 0.</param>
    /// <param name="Rightful">Whether caller and era are replaced by those of that session.</param>
    /// <param name="Entry">To which entry.</param>
    /// <param name="Behind">How far the expected version lies behind the one that was seen.</param>
    /// <param name="Size">How many bytes are written, or which step the clock goes.</param>
    private sealed record Operation(Kind Kind, int Caller, SessionEra Era, int Session, bool Rightful, string Entry, int Behind, int Size);

    private static readonly Gen<Operation> Operations = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(Kind.Create)), (4, Gen.Const(Kind.Touch)), (6, Gen.Const(Kind.Write)), (2, Gen.Const(Kind.Remove)),
            (1, Gen.Const(Kind.End)), (1, Gen.Const(Kind.List)), (1, Gen.Const(Kind.Count)), (4, Gen.Const(Kind.Advance)), (1, Gen.Const(Kind.Sweep))),
        Gen.Int[0, Callers.Length - 1],
        Gen.Bool.Select(b => b ? SessionEra.Stateless : SessionEra.Handshake),
        Gen.Int[0, 5],
        Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))),
        Gen.Int[0, 2].Select(i => $"{(char)('a' + i)}"),
        Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[-1, 1])),
        Gen.Int[0, 60],
        (kind, caller, era, session, rightful, entry, behind, size) => new Operation(kind, caller, era, session, rightful, entry, behind, size));

    [Theory]
    [InlineData(null)]
    [InlineData(25)]
    public void The_store_does_what_the_model_does(int? absoluteMinutes)
    {
        var options = new SessionOptions
        {
            IdleTimeout = Idle,
            AbsoluteLifetime = absoluteMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            MaxSessionsPerTenant = 4,
            MaxSessionsPerOwner = 3,
            MaxStateBytes = 100,
        };

        Operations.Array[1, 80].Sample(operations => new Run(options).Do(operations), iter: 3_000);
    }

    private sealed class Run(SessionOptions options)
    {
        private readonly FakeTimeProvider _time = new();
        private readonly SessionStoreModel _model = new(options);
        private readonly List<SessionClaim> _opened = [];
        private InMemorySessionStore? _store;
        private DateTimeOffset _start;

        private InMemorySessionStore Store => _store ??= new(Options.Create(options), _time);

        public void Do(Operation[] operations)
        {
            _start = _time.GetUtcNow();
            foreach (var operation in operations)
            {
                Do(operation);
            }
        }

        private void Do(Operation operation)
        {
            var claim = Claim(operation);
            switch (operation.Kind)
            {
                case Kind.Create:
                    var created = new SessionClaim(Callers[operation.Caller], SessionId.New(), operation.Era);
                    var creation = Now(Store.CreateAsync(
                        new() { Id = created.Id, Caller = created.Caller, Era = created.Era, State = [new("a", new byte[operation.Size * 2])] }, default));
                    Assert.Equal(_model.Create(created.Id, created.Caller, created.Era, operation.Size * 2), creation.Status);
                    Assert.Equal(creation.Status == SessionCreationStatus.Created, creation.Session is not null);
                    _opened.Add(created);
                    break;
                case Kind.Touch:
                    Touch(claim);
                    break;
                case Kind.Write:
                    Write(claim, operation, operation.Size);
                    break;
                case Kind.Remove:
                    Write(claim, operation, null);
                    break;
                case Kind.End:
                    Assert.Equal(_model.End(claim), Now(Store.EndAsync(claim, default)));
                    break;
                case Kind.List:
                    Assert.Equal(
                        _model.List(claim.Caller, claim.Era),
                        Now(Store.ListAsync(claim.Caller, claim.Era, default)).Select(s => s.Key.Id).Order(StringComparer.Ordinal));
                    break;
                case Kind.Count:
                    Assert.Equal(_model.Count(claim.Caller), Store.Find(TenantRooms.Of(claim.Caller))?.Count() ?? default);
                    break;
                case Kind.Advance:
                    _model.Now += Steps[operation.Size % Steps.Length];
                    _time.Advance(Steps[operation.Size % Steps.Length]);
                    break;
                default:
                    Assert.Equal(_model.Sweep(), Store.Sweep().Select(k => k.Id).Order(StringComparer.Ordinal));
                    break;
            }
        }

        private SessionRecord? Touch(SessionClaim claim)
        {
            var found = Now(Store.TouchAsync(claim, default));
            var seen = found is null ? null : SessionStoreModel.Describe(
                found.CreatedAt - _start, found.LastActiveAt - _start, found.State.Select(s => (s.Name, s.Version, s.Data.Length)));
            Assert.Equal(_model.Touch(claim), seen);
            return found;
        }

        private void Write(SessionClaim claim, Operation operation, int? bytes)
        {
            var expected = (Touch(claim)?.FindState(operation.Entry).Version ?? 0) - operation.Behind;
            var write = bytes is { } size ? new StateWrite(operation.Entry, expected, new byte[size]) : StateWrite.Remove(operation.Entry, expected);
            var result = Now(Store.WriteStateAsync(claim, write, default));
            Assert.Equal(
                _model.Write(claim, operation.Entry, expected, bytes),
                (result.Status, result.Entry?.Version ?? 0, result.StateBytes));
        }

        private SessionClaim Claim(Operation operation)
        {
            if (_opened.Count == 0)
            {
                return new(Callers[operation.Caller], SessionId.New(), operation.Era);
            }

            var claim = _opened[^(1 + (operation.Session % _opened.Count))];
            return operation.Rightful ? claim : claim with { Caller = Callers[operation.Caller], Era = operation.Era };
        }

        // The in-process store answers at once.
        private static T Now<T>(ValueTask<T> answer)
        {
            Assert.True(answer.IsCompletedSuccessfully);
            return answer.Result;
        }
    }
}
