namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Makes a node's outputs in ONNX.</summary>
internal delegate ImportedValue[] ImportOp(GraphImport import, ImportNode node, ImportedValue[] inputs);
