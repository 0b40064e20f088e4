namespace MLNetExtensions.Scoring.Export.Opsets;

/// <summary>The conversion of an operator's nodes from one opset to the next, or back.</summary>
/// <param name="OpType">The operator.</param>
/// <param name="Version">The opset that changed it.</param>
/// <param name="Down">Writes a node of this opset as one or more of the opset before; null if they are the same.</param>
/// <param name="Up">Writes a node of the opset before as one or more of this; null if they are the same.</param>
internal sealed record OpsetRule(string OpType, int Version, Action<NodeConversion>? Down, Action<NodeConversion>? Up = null);
