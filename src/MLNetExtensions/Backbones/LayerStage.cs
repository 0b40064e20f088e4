namespace MLNetExtensions.Backbones;

/// <summary>A part of a network that is trained or frozen as a whole.</summary>
/// <param name="Name">A readable name, such as <c>3: 28x28</c>.</param>
/// <param name="Parameters">The names of its parameters.</param>
public sealed record LayerStage(string Name, IReadOnlyList<string> Parameters);
