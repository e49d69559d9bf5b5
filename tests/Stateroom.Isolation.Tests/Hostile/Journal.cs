using System.Text;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>What was done, step by step.</summary>
internal sealed class Journal(int seed)
{
    private const int Last = 15;

    private readonly List<(string Text, HashSet<Room> Rooms)> _steps = [];

    public int Count => _steps.Count;

    /// <summary>Notes a step before it is taken.</summary>
    /// <param name="text">What is done.</param>
    /// <param name="rooms">The rooms that it concerns.</param>
    public void Note(string text, params ReadOnlySpan<Room?> rooms)
    {
        var concerned = new HashSet<Room>();
        foreach (var room in rooms)
        {
            if (room is not null)
            {
                concerned.Add(room);
            }
        }

        _steps.Add((text, concerned));
    }

    /// <summary>Tells the steps that a failure may come from: the last ones, and before them those that concern the rooms of the last.</summary>
    public string Report(Exception failure)
    {
        var rooms = _steps.Count == 0 ? [] : _steps[^1].Rooms;
        var report = new StringBuilder($"{failure.Message}\n\nSTATEROOM_SEED={seed}, step {_steps.Count}. What concerns its rooms, and the last steps:\n");
        for (var i = 0; i < _steps.Count; i++)
        {
            if (i >= _steps.Count - Last || _steps[i].Rooms.Overlaps(rooms))
            {
                report.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1,6}. {_steps[i].Text}\n");
            }
        }

        return report.ToString();
    }
}
