using Stateroom.AspNetCore.Stateless;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class TopicQueueTests
{
    private static readonly Topic _tools = new(TopicKind.Tools);
    private static readonly Topic _tea = new(TopicKind.Resource, "counter://tea");

    [Fact]
    public async Task A_burst_of_one_topic_is_told_once_and_a_later_change_again()
    {
        var queue = new TopicQueue();
        for (var i = 0; i < 1000; i++)
        {
            queue.Add(_tools);
            queue.Add(new Topic(TopicKind.Resource, "counter://tea"));
        }

        Assert.Equal(_tools, await queue.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(_tea, await queue.TakeAsync(TestContext.Current.CancellationToken));
        queue.Add(_tools);
        Assert.Equal(_tools, await queue.TakeAsync(TestContext.Current.CancellationToken));
        Assert.False(queue.TakeAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted);
    }
}
