using System.Threading.Channels;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>What a stream has still to tell. A topic waits at most once, however often it changes meanwhile, so the queue never outgrows the topics that the stream listens for.</summary>
internal sealed class TopicQueue
{
    private readonly Channel<Topic> _queue = Channel.CreateUnbounded<Topic>();
    private readonly HashSet<Topic> _waiting = [];

    public void Add(Topic topic)
    {
        lock (_waiting)
        {
            if (_waiting.Add(topic))
            {
                _queue.Writer.TryWrite(topic);
            }
        }
    }

    public async ValueTask<Topic> TakeAsync(CancellationToken cancellationToken)
    {
        var topic = await _queue.Reader.ReadAsync(cancellationToken);
        lock (_waiting)
        {
            // From here on a further change is news again.
            _waiting.Remove(topic);
        }

        return topic;
    }
}
