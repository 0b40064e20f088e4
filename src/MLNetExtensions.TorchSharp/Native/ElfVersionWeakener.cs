using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.TorchSharp.Native;

/// <summary>
/// Lets a 64-bit ELF library load beside an older C++ runtime: a symbol version that the system lacks becomes a weak requirement, and the
/// symbol that asks for it a weak reference. Only for symbols that are never called, such as the empty <c>std::ios_base_library_init</c>,
/// whose reference alone pulls in the stream objects of newer compilers (System V ABI, and LSB's "Symbol Versioning").
/// </summary>
internal static class ElfVersionWeakener
{
    private const uint DynamicSymbols = 11,
        VersionOfSymbols = 0x6fffffff,
        VersionNeeds = 0x6ffffffe;
    private const ushort WeakVersionFlag = 2;
    private const int WeakBinding = 2;

    /// <summary>The symbols that may be left unresolved.</summary>
    private static readonly string[] NeverCalled = ["_ZSt21ios_base_library_initv"];

    /// <summary>Changes the bytes of a library in place.</summary>
    /// <param name="elf">The whole file.</param>
    /// <param name="version">The version that the system lacks, as <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="BadImageFormatException">The file is no 64-bit little-endian ELF library, or does not ask for the
    /// version.</exception>
    /// <exception cref="NotSupportedException">A symbol that may be called needs the version.</exception>
    public static void Weaken(Span<byte> elf, string version)
    {
        if (elf.Length < 64 || !elf[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new BadImageFormatException("not a 64-bit little-endian ELF file");
        Section needs = Find(elf, VersionNeeds),
            symbols = Find(elf, DynamicSymbols),
            versions = Find(elf, VersionOfSymbols);
        ushort index = WeakenNeed(elf, needs, version);
        WeakenSymbols(elf, symbols, versions, index, version);
    }

    private static ushort WeakenNeed(Span<byte> elf, Section needs, string version)
    {
        // Verneed: version, count, file, first auxiliary, next; Vernaux: hash, flags, index, name, next.
        for (int need = needs.Offset; ; need += Int32(elf, need + 12))
        {
            int entry = need + Int32(elf, need + 8);
            for (int left = UInt16(elf, need + 2); left > 0; left--, entry += Int32(elf, entry + 12))
            {
                if (Text(elf, needs.Strings + Int32(elf, entry + 8)) != version)
                    continue;
                BinaryPrimitives.WriteUInt16LittleEndian(elf[(entry + 4)..], (ushort)(UInt16(elf, entry + 4) | WeakVersionFlag));
                return UInt16(elf, entry + 6);
            }
            if (Int32(elf, need + 12) == 0)
                throw new BadImageFormatException($"the library does not ask for {version}");
        }
    }

    private static void WeakenSymbols(Span<byte> elf, Section symbols, Section versions, ushort index, string version)
    {
        const int symbolSize = 24;
        for (int i = 0; i < symbols.Size / symbolSize; i++)
        {
            if ((UInt16(elf, versions.Offset + 2 * i) & 0x7fff) != index)
                continue;
            int symbol = symbols.Offset + symbolSize * i;
            string name = Text(elf, symbols.Strings + Int32(elf, symbol));
            if (!NeverCalled.Contains(name))
                throw new NotSupportedException($"the library calls {name} of {version}");
            elf[symbol + 4] = (byte)(elf[symbol + 4] & 0x0f | WeakBinding << 4);
        }
    }

    private static Section Find(ReadOnlySpan<byte> elf, uint type)
    {
        int headers = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[40..]),
            size = UInt16(elf, 58),
            count = UInt16(elf, 60);
        for (int i = 0; i < count; i++)
        {
            int header = headers + i * size;
            if ((uint)Int32(elf, header + 4) != type)
                continue;
            int strings = type == VersionOfSymbols ? 0 : Offset(elf, headers + Int32(elf, header + 40) * size);
            return new Section(Offset(elf, header), (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(header + 32)..]), strings);
        }
        throw new BadImageFormatException($"the library has no section of type 0x{type:x}");

        static int Offset(ReadOnlySpan<byte> elf, int header) => (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(header + 24)..]);
    }

    private static string Text(ReadOnlySpan<byte> elf, int offset)
    {
        ReadOnlySpan<byte> rest = elf[offset..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static int Int32(ReadOnlySpan<byte> elf, int offset) => BinaryPrimitives.ReadInt32LittleEndian(elf[offset..]);

    private static ushort UInt16(ReadOnlySpan<byte> elf, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(elf[offset..]);

    private readonly record struct Section(int Offset, int Size, int Strings);
}
