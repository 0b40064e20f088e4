namespace WebAppSample.Models;

/// <summary>The model that gave an answer.</summary>
/// <param name="Id">The number of its run.</param>
/// <param name="Name">Its name.</param>
public sealed record ActiveModel(int Id, string Name);
