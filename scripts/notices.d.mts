export declare function notices(): string;
