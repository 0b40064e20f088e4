using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Tests.Native;

/// <summary>What is said of files that the loader would refuse, by headers that are written here.</summary>
[NeedsNothing]
public sealed class LibraryFileTests : IDisposable
{
    private const int X64 = 62,
        Arm64 = 183,
        S390 = 22;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_library_of_this_system_and_processor_has_no_problem()
    {
        OnLinux();
        Assert.Null(Problem(Elf(Own)));
    }

    [Fact]
    public void Another_processor_is_named()
    {
        OnLinux();
        string other = Own == X64 ? "Arm64" : "X64";
        Assert.Equal(
            $"it is made for {other}, this process is {RuntimeInformation.ProcessArchitecture}",
            Problem(Elf(Own == X64 ? Arm64 : X64))
        );
        Assert.StartsWith("it is made for another processor", Problem(Elf(S390)), StringComparison.Ordinal);
    }

    [NeedsTensorFlow]
    [Fact]
    public void The_library_of_the_tests_with_another_processor_in_its_header_is_refused()
    {
        OnLinux();
        string path = TensorFlowLibrary.Load().Path!;
        Assert.Null(LibraryFile.Problem(path));
        byte[] header = new byte[64];
        using (FileStream file = File.OpenRead(path))
            file.ReadExactly(header);
        Assert.StartsWith("it is truncated: 64 of at least ", Problem(header), StringComparison.Ordinal);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)(Own == X64 ? Arm64 : X64));
        Assert.StartsWith("it is made for ", Problem(header), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    public void A_file_shorter_than_a_header_is_truncated(int length) =>
        Assert.Equal($"it is truncated: {length} bytes", Problem(Elf(Own)[..length]));

    [Fact]
    public void A_file_that_ends_before_its_sections_is_truncated()
    {
        OnLinux();
        Assert.Equal("it is truncated: 1023 of at least 1024 bytes", Problem(Elf(Own)[..1023]));
    }

    [Fact]
    public void Libraries_of_32_bits_are_refused()
    {
        OnLinux();
        byte[] file = Elf(Own);
        file[4] = 1;
        Assert.Equal("it is not a 64-bit little-endian library", Problem(file));
    }

    [Fact]
    public void Libraries_of_other_systems_are_named()
    {
        OnLinux();
        byte[] windows = new byte[256],
            mac = new byte[256];
        "MZ"u8.CopyTo(windows);
        BinaryPrimitives.WriteUInt32LittleEndian(mac, 0xfeedfacf);
        Assert.Equal("it is a Windows library", Problem(windows));
        Assert.Equal("it is a macOS library", Problem(mac));
    }

    [Fact]
    public void Text_is_no_library() => Assert.Equal("it is no shared library", Problem([.. Enumerable.Repeat((byte)'x', 100)]));

    private static int Own => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;

    private static void OnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "about libraries of Linux");

    private string? Problem(byte[] content) => LibraryFile.Problem(_folder.Add("library", content));

    /// <summary>1024 bytes with a header of Linux and a section table at the end.</summary>
    private static byte[] Elf(int processor)
    {
        byte[] file = new byte[1024];
        "\u007fELF"u8.CopyTo(file);
        (file[4], file[5]) = (2, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), (ushort)processor);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), 1024 - 2 * 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 2);
        return file;
    }
}
