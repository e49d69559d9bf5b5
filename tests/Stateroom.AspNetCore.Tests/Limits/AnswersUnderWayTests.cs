using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Limits;
using Stateroom.Limits;
using Stateroom.Tenancy;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.AspNetCore.Tests.Limits;

/// <summary>What is under way counts until it is answered, for its owner and, as far as the owner may, for its tenant.</summary>
public sealed class AnswersUnderWayTests
{
    private static readonly LimitOptions _options = new() { MaxCallsPerOwner = 1, MaxCallsPerTenant = 2 };
    private static readonly LimitsInForce _limits = new(null, _options, new SessionOptions());
    private static readonly Caller _alice = new(new TenantId("acme"), "alice");
    private static readonly Caller _bob = new(new TenantId("acme"), "bob");

    [Fact]
    public void An_owner_who_has_too_many_under_way_is_refused_and_no_other()
    {
        var answers = new AnswersUnderWay();
        var many = Enumerable.Range(0, 10).Select(_ => answers.Begin(_alice, _limits)!).ToList();
        Assert.Equal([null, null], many.Take(2).Select(a => a.Refusal));
        Assert.All(many.Skip(2), a => Assert.Equal(nameof(LimitOptions.MaxCallsPerOwner), a.Refusal?.Limit));
        Assert.Null(answers.Begin(_bob, _limits)!.Refusal);
        Assert.Null(answers.Begin(_bob, _limits)!.Refusal);
        Assert.Equal(nameof(LimitOptions.MaxCallsPerTenant), answers.Begin(new(_bob.Tenant, "carol"), _limits)!.Refusal?.Limit);
    }

    [Fact]
    public void What_is_answered_counts_no_more_however_often_it_is_said()
    {
        var answers = new AnswersUnderWay();
        for (var i = 0; i < 10; i++)
        {
            var few = Enumerable.Range(0, 5).Select(_ => answers.Begin(_alice, _limits)!).ToList();
            Assert.Equal(3, few.Count(a => a.Refusal is not null));
            few.ForEach(a => a.Dispose());
            few.ForEach(a => a.Dispose());
        }
    }

    [Fact]
    public async Task A_stream_needs_no_place_among_the_answers()
    {
        var answers = new AnswersUnderWay();
        var many = Enumerable.Range(0, 3).Select(_ => answers.Begin(_alice, _limits)!).ToList();
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Post;
        var table = Options.Create(_options);

        // Nothing is refused, so nothing is tallied.
        using var admission = new RequestAdmission(new InMemoryAdmission(table, TimeProvider.System), tally: null!, context, _alice, many[^1]);
        admission.Read([new JsonRpcRequest { Id = new(1), Method = RequestMethods.SubscriptionsListen }], handlesNotifications: false);
        admission.BecomeStream();
        Assert.False(await admission.RefusesAsync());
    }
}
