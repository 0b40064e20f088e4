namespace MLNetExtensions.Similarity;

/// <summary>A vector of an index that is near a query.</summary>
/// <param name="Row">Its number, from 0, in the order in which the index was built.</param>
/// <param name="Id">Its id, such as the image's path; null if the index has none.</param>
/// <param name="Label">Its label; null if the index has none.</param>
/// <param name="Distance">How far it is from the query.</param>
public sealed record SimilarItem(int Row, string? Id, string? Label, float Distance);
