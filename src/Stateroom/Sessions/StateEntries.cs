using System.Collections.Immutable;

namespace Stateroom.Sessions;

/// <summary>The entries of a session's state, by name.</summary>
internal static class StateEntries
{
    /// <returns>The entry of that name, or one that does not exist.</returns>
    public static StateEntry Find(this ImmutableArray<StateEntry> state, string name) => state.IndexOf(name) is >= 0 and var index ? state[index] : StateEntry.Absent(name);

    /// <summary>The entries with one put in the place of its namesake, or taken away if it does not exist.</summary>
    public static ImmutableArray<StateEntry> With(this ImmutableArray<StateEntry> state, StateEntry entry) => (state.IndexOf(entry.Name), entry.Exists) switch
    {
        ( < 0, false) => state,
        ( < 0, true) => state.Add(entry),
        (var index, false) => state.RemoveAt(index),
        (var index, true) => state.SetItem(index, entry),
    };

    private static int IndexOf(this ImmutableArray<StateEntry> state, string name)
    {
        for (var i = 0; i < state.Length; i++)
        {
            if (string.Equals(state[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
