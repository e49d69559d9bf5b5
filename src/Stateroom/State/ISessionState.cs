namespace Stateroom.State;

/// <summary>
/// The state of type <typeparamref name="T"/> in the session of the current call. Take it as a parameter of a tool, prompt or resource,
/// or inject it anywhere that runs inside one; it finds its room from the header or from the handle.
/// </summary>
/// <typeparam name="T">
/// An immutable record that System.Text.Json can write; its parameterless constructor gives the state that a session begins with.
/// A session may hold any number of such types.
/// </typeparam>
public interface ISessionState<T>
    where T : class, new()
{
    /// <summary>Reads the state as this call knows it: as it was when the call began, or as this call last wrote it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state; a new <typeparamref name="T"/> where nothing was written yet.</returns>
    /// <exception cref="InvalidOperationException">There is no call: the code runs outside an MCP request.</exception>
    /// <exception cref="SessionStateFormatException">What is stored is not a <typeparamref name="T"/>.</exception>
    ValueTask<T> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the state anew from the store, for a call that has waited long.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state; a new <typeparamref name="T"/> where nothing was written yet.</returns>
    /// <exception cref="InvalidOperationException">There is no call.</exception>
    /// <exception cref="SessionEndedException">The session has ended since the call began.</exception>
    /// <exception cref="SessionStateFormatException">What is stored is not a <typeparamref name="T"/>.</exception>
    Task<T> RefreshAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Changes the state by a pure function of the old one. Atomic: of calls in parallel, on whatever instance, none overwrites another;
    /// where another was first, the function runs again on what it left. A function that returns what it was given writes nothing.
    /// </summary>
    /// <param name="update">Gives the new state from the old one. May run more than once, so it should do nothing else.</param>
    /// <param name="cancellationToken">Ends the wait; whether the state was written is then unknown.</param>
    /// <returns>The new state.</returns>
    /// <exception cref="InvalidOperationException">There is no call.</exception>
    /// <exception cref="SessionEndedException">The session has ended since the call began.</exception>
    /// <exception cref="SessionLimitException">The first write would open one session too many.</exception>
    /// <exception cref="SessionStateTooLargeException">The state would be too large; the old one stands.</exception>
    /// <exception cref="SessionStateConflictException">Other calls were first every time.</exception>
    /// <exception cref="SessionStateFormatException">What is stored is not a <typeparamref name="T"/>.</exception>
    Task<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default);

    /// <summary>Puts a value in the place of the state, whatever it was.</summary>
    /// <param name="value">The new state.</param>
    /// <param name="cancellationToken">Ends the wait; whether the state was written is then unknown.</param>
    /// <returns>A task that is done when the state is stored.</returns>
    /// <inheritdoc cref="UpdateAsync" path="/exception"/>
    Task ReplaceAsync(T value, CancellationToken cancellationToken = default);

    /// <summary>Takes the state away, so that the session has its initial one again. The session lives on.</summary>
    /// <param name="cancellationToken">Ends the wait; whether the state was cleared is then unknown.</param>
    /// <returns>A task that is done when the state is gone.</returns>
    /// <exception cref="InvalidOperationException">There is no call.</exception>
    /// <exception cref="SessionEndedException">The session has ended since the call began.</exception>
    Task ClearAsync(CancellationToken cancellationToken = default);
}
