using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>
/// TensorFlow's C API (c_api.h, tf_tensor.h, tf_status.h), as far as this project calls it. <see cref="TensorFlowLibrary"/> finds the
/// library.
/// </summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The name under which the resolver of <see cref="TensorFlowLibrary"/> hands out the library.</summary>
    internal const string Library = "tensorflow";

    /// <summary>Every function declared here, to find out at loading which a library lacks.</summary>
    internal static IEnumerable<string> Functions =>
        typeof(NativeMethods)
            .GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            .Select(method => method.Name)
            .Where(name => name.StartsWith("TF_", StringComparison.Ordinal))
            .Distinct();

    [LibraryImport(Library)]
    internal static partial IntPtr TF_Version();

    [LibraryImport(Library)]
    internal static partial StatusHandle TF_NewStatus();

    [LibraryImport(Library)]
    internal static partial void TF_DeleteStatus(IntPtr status);

    [LibraryImport(Library)]
    internal static partial int TF_GetCode(StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_Message(StatusHandle status);

    [LibraryImport(Library)]
    internal static partial BufferHandle TF_GetAllOpList();

    [LibraryImport(Library)]
    internal static partial BufferHandle TF_NewBuffer();

    [LibraryImport(Library)]
    internal static partial BufferHandle TF_NewBufferFromString(byte* bytes, nuint length);

    [LibraryImport(Library)]
    internal static partial void TF_DeleteBuffer(IntPtr buffer);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_AllocateTensor(DataType type, long* sizes, int rank, nuint bytes);

    [LibraryImport(Library)]
    internal static partial void TF_DeleteTensor(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial DataType TF_TensorType(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial int TF_NumDims(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial long TF_Dim(IntPtr tensor, int axis);

    [LibraryImport(Library)]
    internal static partial nuint TF_TensorByteSize(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial void* TF_TensorData(IntPtr tensor);

    [LibraryImport(Library)]
    internal static partial GraphHandle TF_NewGraph();

    [LibraryImport(Library)]
    internal static partial void TF_DeleteGraph(IntPtr graph);

    [LibraryImport(Library)]
    internal static partial int TF_GraphGetTensorNumDims(GraphHandle graph, Output output, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial void TF_GraphGetTensorShape(GraphHandle graph, Output output, long* sizes, int rank, StatusHandle status);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial IntPtr TF_GraphOperationByName(GraphHandle graph, string name);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_GraphNextOperation(GraphHandle graph, nuint* position);

    [LibraryImport(Library)]
    internal static partial void TF_GraphToGraphDef(GraphHandle graph, BufferHandle definition, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial ImportOptionsHandle TF_NewImportGraphDefOptions();

    [LibraryImport(Library)]
    internal static partial void TF_DeleteImportGraphDefOptions(IntPtr options);

    [LibraryImport(Library)]
    internal static partial void TF_GraphImportGraphDef(
        GraphHandle graph,
        BufferHandle definition,
        ImportOptionsHandle options,
        StatusHandle status
    );

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial IntPtr TF_NewOperation(GraphHandle graph, string type, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetDevice(IntPtr description, string device);

    [LibraryImport(Library)]
    internal static partial void TF_AddInput(IntPtr description, Output input);

    [LibraryImport(Library)]
    internal static partial void TF_AddInputList(IntPtr description, Output* inputs, int count);

    [LibraryImport(Library)]
    internal static partial void TF_AddControlInput(IntPtr description, IntPtr operation);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrString(IntPtr description, string name, byte* value, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrInt(IntPtr description, string name, long value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrIntList(IntPtr description, string name, long* values, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrFloat(IntPtr description, string name, float value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrBool(IntPtr description, string name, byte value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrType(IntPtr description, string name, DataType value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrTypeList(IntPtr description, string name, DataType* values, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrShape(IntPtr description, string name, long* sizes, int rank);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrTensor(IntPtr description, string name, IntPtr tensor, StatusHandle status);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetAttrValueProto(IntPtr description, string name, byte* value, nuint length, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_FinishOperation(IntPtr description, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_OperationName(IntPtr operation);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_OperationOpType(IntPtr operation);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_OperationDevice(IntPtr operation);

    [LibraryImport(Library)]
    internal static partial int TF_OperationNumOutputs(IntPtr operation);

    [LibraryImport(Library)]
    internal static partial DataType TF_OperationOutputType(Output output);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_AddGradientsWithPrefix(
        GraphHandle graph,
        string prefix,
        Output* y,
        int ny,
        Output* x,
        int nx,
        Output* dx,
        StatusHandle status,
        Output* dy
    );

    [LibraryImport(Library)]
    internal static partial void TF_GraphSetTensorShape(GraphHandle graph, Output output, long* sizes, int rank, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial SessionOptionsHandle TF_NewSessionOptions();

    [LibraryImport(Library)]
    internal static partial void TF_DeleteSessionOptions(IntPtr options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void TF_SetTarget(SessionOptionsHandle options, string target);

    [LibraryImport(Library)]
    internal static partial void TF_SetConfig(SessionOptionsHandle options, byte* config, nuint length, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial SessionHandle TF_NewSession(GraphHandle graph, SessionOptionsHandle options, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial SessionHandle TF_LoadSessionFromSavedModel(
        SessionOptionsHandle options,
        IntPtr runOptions,
        byte* folder,
        byte** tags,
        int tagCount,
        GraphHandle graph,
        BufferHandle metaGraph,
        StatusHandle status
    );

    [LibraryImport(Library)]
    internal static partial void TF_CloseSession(IntPtr session, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial void TF_DeleteSession(IntPtr session, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial void TF_SessionRun(
        SessionHandle session,
        IntPtr runOptions,
        Output* inputs,
        IntPtr* inputValues,
        int inputCount,
        Output* outputs,
        IntPtr* outputValues,
        int outputCount,
        IntPtr* targets,
        int targetCount,
        IntPtr runMetadata,
        StatusHandle status
    );

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial BufferHandle TF_GetRegisteredKernelsForOp(string name, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_NewServer(byte* definition, nuint length, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial void TF_ServerStart(IntPtr server, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_ServerTarget(IntPtr server);

    [LibraryImport(Library)]
    internal static partial DeviceListHandle TF_SessionListDevices(SessionHandle session, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial void TF_DeleteDeviceList(IntPtr list);

    [LibraryImport(Library)]
    internal static partial int TF_DeviceListCount(DeviceListHandle list);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_DeviceListName(DeviceListHandle list, int index, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial IntPtr TF_DeviceListType(DeviceListHandle list, int index, StatusHandle status);

    [LibraryImport(Library)]
    internal static partial long TF_DeviceListMemoryBytes(DeviceListHandle list, int index, StatusHandle status);
}
