using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class RequestStateTests
{
    [Fact]
    public async Task A_retry_finds_the_session_and_the_state_of_the_first_leg()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);

        var asked = await client.CallAsync("ask", Topic("tea"));
        Assert.Equal("input_required", asked.Result["resultType"]!.GetValue<string>());
        Assert.NotNull(asked.Result["inputRequests"]!["who"]);
        Assert.DoesNotContain("inner", asked.State!, StringComparison.Ordinal);
        var opened = Assert.Single(await host.Store.ListAsync(Person.AcmeAlice, SessionEra.Stateless, TestContext.Current.CancellationToken)).Key.Id;
        Assert.DoesNotContain(opened, asked.Message.ToJsonString(), StringComparison.Ordinal);

        var answered = await client.CallAsync("ask", Topic("tea"), Answer(asked.State));
        Assert.Equal("tea inner Ann 2", answered.Text);
        Assert.Equal(opened, answered.Handle);
        Assert.Equal("2", (await client.CallAsync("peek", new() { ["session"] = answered.Handle })).Text);
    }

    [Fact]
    public async Task A_missing_answer_is_asked_for_again_and_the_session_stays()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);

        var asked = await client.CallAsync("ask", Topic("tea"));
        var again = await client.CallAsync("ask", Topic("tea"), Answer(asked.State, key: "somebody else"));
        Assert.Equal("input_required", again.Result["resultType"]!.GetValue<string>());
        Assert.NotEqual(asked.State, again.State);

        var answered = await client.CallAsync("ask", Topic("tea"), Answer(again.State));
        Assert.Equal("tea inner Ann 3", answered.Text);
        Assert.NotNull(answered.Handle);
    }

    [Fact]
    public async Task The_order_of_arguments_does_not_count()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;

        var asked = await client.CallAsync("ask", new() { ["topic"] = "tea", ["session"] = handle });
        var answered = await client.CallAsync("ask", new() { ["session"] = handle, ["topic"] = "tea" }, Answer(asked.State));

        Assert.Equal("tea inner Ann 3", answered.Text);
        Assert.Null(answered.Handle);
    }

    [Fact]
    public async Task A_state_that_is_altered_foreign_late_or_of_another_request_is_refused_without_effect()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync("ask", Topic("tea"));
        var state = asked.State!;
        var other = (await client.CallAsync("count")).Handle;
        var altered = state[..^5] + (state[^5] == 'A' ? 'B' : 'A') + state[^4..];

        Reply[] refused =
        [
            await client.CallAsync("ask", Topic("tea"), Answer(altered)),
            await client.CallAsync("ask", Topic("tea"), Answer(state + "-TAMPERED")),
            await client.CallAsync("ask", Topic("tea"), Answer("made up")),
            await client.CallAsync("ask", Topic("tea"), Answer("")),
            await client.CallAsync("ask", Topic("coffee"), Answer(state)),
            await client.CallAsync("ask", new() { ["topic"] = "tea", ["session"] = other }, Answer(state)),
            await client.CallAsync("peek", Topic("tea"), Answer(state)),
            await host.Client(Person.AcmeBob).CallAsync("ask", Topic("tea"), Answer(state)),
            await host.Client(Person.GlobexAlice).CallAsync("ask", Topic("tea"), Answer(state)),
            await host.Client(Person.Nobody).CallAsync("ask", Topic("tea"), Answer(state)),
            await (await host.HandshakeClientAsync(Person.AcmeAlice)).CallAsync("ask", Topic("tea"), Answer(state)),
        ];
        host.Time.Advance(TimeSpan.FromMinutes(10));
        refused = [.. refused, await client.CallAsync("ask", Topic("tea"), Answer(state))];

        Assert.All(refused, r => Assert.Equal(-32602, r.Error));
        Assert.Single(refused.Select(r => r.Message["error"]!.ToJsonString()).Distinct());
        Assert.Equal(2, (await host.Store.ListAsync(Person.AcmeAlice, SessionEra.Stateless, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Where_a_state_serves_once_exactly_one_of_its_replays_goes_on()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SingleUseRequestState = true);
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync("ask", Topic("tea"));

        // What is refused for another reason uses nothing up.
        Assert.Equal(-32602, (await client.CallAsync("ask", Topic("coffee"), Answer(asked.State))).Error);
        Assert.Equal(-32602, (await host.Client(Person.AcmeBob).CallAsync("ask", Topic("tea"), Answer(asked.State))).Error);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallAsync("ask", Topic("tea"), Answer(asked.State))));

        var (won, refused) = (Assert.Single(replies, r => r.Error is null), replies.Where(r => r.Error is not null).ToList());
        Assert.Equal("tea inner Ann 2", won.Text);
        Assert.All(refused, r => Assert.Equal(-32602, r.Error));
        Assert.Single(refused.Select(r => r.Message["error"]!.ToJsonString()).Distinct());
        Assert.Equal("2", (await client.CallAsync("peek", new() { ["session"] = won.Handle })).Text);
    }

    [Fact]
    public async Task Where_a_state_serves_once_each_further_question_has_its_own()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SingleUseRequestState = true);
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync("ask", Topic("tea"));

        var again = await client.CallAsync("ask", Topic("tea"), Answer(asked.State, key: "somebody else"));
        Assert.Equal(-32602, (await client.CallAsync("ask", Topic("tea"), Answer(asked.State))).Error);
        Assert.Equal("tea inner Ann 3", (await client.CallAsync("ask", Topic("tea"), Answer(again.State))).Text);
        var handshake = await (await host.HandshakeClientAsync(Person.AcmeAlice)).CallAsync("count");
        Assert.Equal("1", handshake.Text);
    }

    [Fact]
    public async Task Keys_out_of_reach_refuse_a_state_and_stop_no_server()
    {
        await using var host = await StatelessHost.StartAsync();
        var keys = (BreakableKeys)host.Services.GetRequiredService<IDataProtectionProvider>();
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync("ask", Topic("tea"));
        keys.Broken = true;

        Assert.Equal(-32602, (await client.CallAsync("ask", Topic("tea"), Answer(asked.State))).Error);
        var question = await client.CallAsync("ask", Topic("tea"));
        Assert.Contains("unavailable", question.Text, StringComparison.Ordinal);
        Assert.True((bool?)question.Result["isError"]);
        var prompt = await client.SendAsync("prompts/get", new() { ["name"] = "ask_prompt", ["arguments"] = Topic("tea") });
        Assert.Contains("unavailable", prompt.Message["error"]!.ToJsonString(), StringComparison.Ordinal);

        keys.Broken = false;
        Assert.Equal("tea inner Ann 2", (await client.CallAsync("ask", Topic("tea"), Answer(asked.State))).Text);
    }

    [Fact]
    public async Task A_credential_of_the_anonymous_names_is_somebody_else()
    {
        await using var host = await StatelessHost.StartAsync();
        var asked = await host.Client(Person.Nobody).CallAsync("ask", Topic("tea"));

        Assert.Equal(-32602, (await host.Client(Person.Somebody).CallAsync("ask", Topic("tea"), Answer(asked.State))).Error);
        Assert.Equal("tea inner Ann 2", (await host.Client(Person.Nobody).CallAsync("ask", Topic("tea"), Answer(asked.State))).Text);
    }

    [Fact]
    public async Task A_session_that_ended_before_the_answer_is_told_like_any_other()
    {
        await using var host = await StatelessHost.StartAsync(o => o.RequestStateLifetime = TimeSpan.FromHours(2));
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync("ask", Topic("tea"));
        host.Time.Advance(TimeSpan.FromMinutes(31));

        var late = await client.CallAsync("ask", Topic("tea"), Answer(asked.State));

        Assert.Equal((await client.CallAsync("count", new() { ["session"] = SessionId.New() })).Result.ToJsonString(), late.Result.ToJsonString());
    }

    [Fact]
    public async Task Answers_without_a_state_reach_the_handler()
    {
        await using var host = await StatelessHost.StartAsync();

        var answered = await host.Client(Person.AcmeAlice).CallAsync("ask", Topic("tea"), Answer(null));

        Assert.Equal("tea  Ann 1", answered.Text);
    }

    [Fact]
    public async Task Prompts_and_resources_are_sealed_too()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        JsonObject prompt = new() { ["name"] = "ask_prompt", ["arguments"] = Topic("tea") };
        JsonObject resource = new() { ["uri"] = "counter://tea" };

        var promptState = (await client.SendAsync("prompts/get", prompt.DeepClone().AsObject())).State;
        var resourceState = (await client.SendAsync("resources/read", resource.DeepClone().AsObject())).State;

        Assert.Contains("tea inner", (await client.SendAsync("prompts/get", With(prompt, promptState))).Result.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("tea inner", (await client.SendAsync("resources/read", With(resource, resourceState))).Result.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(-32602, (await client.SendAsync("prompts/get", With(prompt, resourceState))).Error);
        Assert.Equal(-32602, (await client.SendAsync("resources/read", With(resource, promptState))).Error);
        Assert.Equal(-32602, (await host.Client(Person.AcmeBob).SendAsync("resources/read", With(resource, resourceState))).Error);
    }

    private static JsonObject Topic(string topic) => new() { ["topic"] = topic };

    private static JsonObject Answer(string? state, string key = "who")
    {
        var more = new JsonObject
        {
            ["inputResponses"] = new JsonObject { [key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["name"] = "Ann" } } },
        };
        if (state is not null)
        {
            more["requestState"] = state;
        }

        return more;
    }

    private static JsonObject With(JsonObject parameters, string? state)
    {
        var all = parameters.DeepClone().AsObject();
        foreach (var (key, value) in Answer(state))
        {
            all[key] = value?.DeepClone();
        }

        return all;
    }
}
