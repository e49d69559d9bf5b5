using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>The SDK's options are copied by hand. A member that a new version of the SDK brings must not be lost without anybody noticing.</summary>
public class HandshakeServerOptionsTests
{
    [Fact]
    public void Every_option_is_copied_but_what_is_filled_in_for_the_client() => AssertCopied<McpServerOptions>(
        ServerOptionsCopy.Of,
        nameof(McpServerOptions.KnownClientInfo),
        nameof(McpServerOptions.KnownClientCapabilities));

    [Fact]
    public void Every_handler_is_copied_but_those_that_this_era_replaces_or_does_not_have() => AssertCopied<McpServerHandlers>(
        ServerOptionsCopy.Of,
        nameof(McpServerHandlers.SetLoggingLevelHandler),
        nameof(McpServerHandlers.SubscribeToResourcesHandler),
        nameof(McpServerHandlers.UnsubscribeFromResourcesHandler),
        nameof(McpServerHandlers.SubscriptionsListenHandler));

    [Fact]
    public void Every_capability_is_copied() => AssertCopied<ServerCapabilities>(HandshakeServerOptions.WithSubscribe, nameof(ServerCapabilities.Resources));

    [Fact]
    public void The_capability_of_resources_is_copied_and_has_subscriptions() => AssertCopied<ResourcesCapability>(
        from => HandshakeServerOptions.WithSubscribe(new() { Resources = from }).Resources!,
        nameof(ResourcesCapability.Subscribe));

    [Fact]
    public void Every_filter_is_copied_but_the_stateless_era_s() => Assert.Multiple(
        () => AssertCopied<McpServerFilters>(HandshakeServerOptions.FiltersOf, nameof(McpServerFilters.Message), nameof(McpServerFilters.Request)),
        () => AssertCopied<McpRequestFilters>(ServerOptionsCopy.Of),
        () => AssertCopied<McpRequestFilters>(from => HandshakeServerOptions.FiltersOf(new() { Request = from }).Request, nameof(McpRequestFilters.CallToolWithAlternateFilters)),
        () => AssertCopied<McpMessageFilters>(
            from => HandshakeServerOptions.FiltersOf(new() { Message = from }).Message,
            nameof(McpMessageFilters.OutgoingFilters)));

    [Fact]
    public async Task Messages_of_this_era_pass_the_filters_of_the_host_alone()
    {
        var passed = new ConcurrentQueue<JsonRpcMessage>();
        await using var server = await SessionServer.StartAsync(mcp: mcp => mcp.WithMessageFilters(filters => filters
            .AddIncomingFilter(Note)
            .AddOutgoingFilter(Note)));
        using var client = await server.Client().OpenAsync();
        passed.Clear();
        Assert.Equal("1", await client.CallTextAsync("add"));
        Assert.Collection(passed, first => Assert.IsType<JsonRpcRequest>(first), second => Assert.IsType<JsonRpcResponse>(second));

        await using var plain = await SessionServer.StartAsync();
        var options = plain.Services.GetRequiredService<HandshakeServerOptions>().For(client: null);
        Assert.Empty(options.Filters.Message.IncomingFilters);
        Assert.Empty(options.Filters.Message.OutgoingFilters);

        McpMessageHandler Note(McpMessageHandler next) => (context, cancellationToken) =>
        {
            // That the client is initialized may be handled after it was accepted.
            if (context.JsonRpcMessage is not JsonRpcNotification)
            {
                passed.Enqueue(context.JsonRpcMessage);
            }

            return next(context, cancellationToken);
        };
    }

    /// <summary>One member at a time, as some exclude each other.</summary>
    private static void AssertCopied<T>(Func<T, T> copy, params string[] leftOut)
        where T : new()
    {
        var members = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0).ToList();
        Assert.NotEmpty(members);
        Assert.All(leftOut, name => Assert.Contains(members, p => p.Name == name));
        foreach (var member in members.Where(p => !leftOut.Contains(p.Name)))
        {
            var from = new T();
            var value = Other(member.PropertyType, member.GetValue(from));
            member.SetValue(from, value);
            Assert.True(Equals(value, member.GetValue(copy(from))), $"{typeof(T).Name}.{member.Name} is not copied.");
        }
    }

    /// <summary>A value that is not the default.</summary>
    private static object Other(Type type, object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(bool) => value is not true,
            _ when type == typeof(int) => 7,
            _ when type == typeof(string) => "other",
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
            _ when typeof(Delegate).IsAssignableFrom(type) => Function(type),
            _ when type.IsInterface => Substitute(type),
            _ => RuntimeHelpers.GetUninitializedObject(type),
        };
    }

    private static Delegate Function(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType));
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
    }

    private static object Substitute(Type type)
    {
        var arguments = type.GetGenericArguments();
        var implementation = arguments.Length == 2 ? typeof(Dictionary<,>) : typeof(List<>);
        return Activator.CreateInstance(implementation.MakeGenericType(arguments))!;
    }
}
